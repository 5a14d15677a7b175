# Everything that can be run here. What a target does is in docker/ and in cargo.

.PHONY: help demo serve observe images worker-nsjail deb bundle test test-all test-vm test-microvm soak soak-cluster attack fuzz supply manifests bench scale stop clean destroy

help:
	@echo 'make demo      from nothing to judged submissions: images, services, examples'
	@echo 'make serve     an HTTP service at 127.0.0.1:8751, without RabbitMQ and PostgreSQL'
	@echo 'make observe   Prometheus with alerts beside those services, and Grafana where a registry answers'
	@echo 'make images    only build the images'
	@echo 'make worker-nsjail   a worker whose boxes nsjail walls in: programs and root directories, without Docker (root)'
	@echo 'make deb       a Debian package of the programs (needs cargo-deb)'
	@echo 'make bundle    images, programs and an installer in one archive, for a machine without a registry'
	@echo 'make test      what every change has to pass: style, lints, documentation, tests'
	@echo 'make test-all  also the slow tests: attacks in every way, soak, faults of the Docker daemon'
	@echo 'make test-vm   boxes in a virtual machine with control groups of version 2 and a newer Docker (root)'
	@echo 'make test-microvm   boxes as virtual machines, with KVM where /dev/kvm works (root)'
	@echo 'make soak      thousands of submissions while workers and services are killed and the broker is restarted'
	@echo 'make soak-cluster  thousands of submissions through a cluster whose parts fail one after the other'
	@echo 'make attack    the corpus of attacks on this host: both ways to start, layers missing'
	@echo 'make fuzz      random bytes for everything that reads bytes of strangers (needs cargo-fuzz)'
	@echo 'make supply    licences, origins and known flaws of dependencies (needs cargo-deny)'
	@echo 'make manifests   the manifests of Kubernetes and the Helm chart against schemas and each other (needs kubectl)'
	@echo 'make bench     what judging costs here, next to plain Python and plain Docker'
	@echo 'make scale     what many workers ask of RabbitMQ and PostgreSQL, with boxes that run nothing'
	@echo 'make stop      stop the services, keep their data'
	@echo 'make clean     remove what was built in this directory; services, data and images stay'
	@echo 'make destroy   remove the services, their data and the images, after asking'

demo:
	@docker/demo.sh

serve:
	@docker/serve.sh

observe:
	@docker/observe.sh

images:
	@docker/images.sh

worker-nsjail:
	@docker/worker-nsjail.sh

deb:
	@docker/deb.sh

bundle:
	@docker/bundle.sh

test:
	@docker/test.sh

test-all:
	@docker/test.sh --all

test-vm:
	@docker/test-vm.sh

test-microvm:
	@docker/test.sh --microvm

soak:
	@docker/soak.sh

soak-cluster:
	@docker/soak-cluster.sh

attack: images
	@cargo run --release --locked -q -p assize -- doctor --attack --thorough --every-layer

fuzz:
	@docker/fuzz.sh

supply:
	@docker/supply.sh

manifests:
	@docker/manifests.sh

bench:
	@docker/bench.sh

scale:
	@docker/scale.sh

stop:
	@docker/stop.sh

clean:
	@cargo clean
	@cargo clean --manifest-path fuzz/Cargo.toml

destroy:
	@docker/stop.sh --destroy
