# The few ways in. What they do is in docker/ and in cargo.

.PHONY: help demo images test bench stop clean

help:
	@echo 'make demo     from nothing to judged submissions: images, services, examples'
	@echo 'make images   only build the images'
	@echo 'make test     everything that has to pass: style, lints, tests'
	@echo 'make bench    what judging costs here, next to plain Python and plain Docker'
	@echo 'make stop     stop the services, keep their data'
	@echo 'make clean    remove the services, their data and the images'

demo:
	@docker/demo.sh

images:
	@docker/images.sh

test:
	@docker/test.sh

bench:
	@docker/bench.sh

stop:
	@docker/stop.sh

clean:
	@docker/stop.sh --everything
