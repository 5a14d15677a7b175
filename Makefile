# The few ways in. What they do is in docker/ and in cargo.

.PHONY: help demo images test soak attack fuzz supply bench stop clean

help:
	@echo 'make demo     from nothing to judged submissions: images, services, examples'
	@echo 'make images   only build the images'
	@echo 'make test     everything that has to pass: style, lints, tests'
	@echo 'make soak     thousands of submissions while workers are killed and the broker is restarted'
	@echo 'make attack   what attackers try, tried on this host: both ways to start, layers missing'
	@echo 'make fuzz     bytes at everything that reads bytes of strangers (needs cargo-fuzz)'
	@echo 'make supply   licences, origins and flaws of what comes from others (needs cargo-deny)'
	@echo 'make bench    what judging costs here, next to plain Python and plain Docker'
	@echo 'make stop     stop the services, keep their data'
	@echo 'make clean    remove the services, their data and the images'

demo:
	@docker/demo.sh

images:
	@docker/images.sh

test:
	@docker/test.sh

soak:
	@docker/soak.sh

attack: images
	@cargo run --release --locked -q -- doctor --attack --thorough --every-layer

fuzz:
	@docker/fuzz.sh

supply:
	@docker/supply.sh

bench:
	@docker/bench.sh

stop:
	@docker/stop.sh

clean:
	@docker/stop.sh --everything
