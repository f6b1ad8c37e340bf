# The commands of this bench. All of the work is in config/setup (python3 -m config.setup COMMAND).
PYTHON ?= python3
SETUP = $(PYTHON) -m config.setup
MAKEFLAGS += --no-print-directory

.PHONY: help up down reset test lint format bench setup databases site drop-site logins backup restore school screenshots matrix lock

help:            ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

up:              ## Install what is missing, make the demo, start everything, print address and logins
	@$(SETUP) up
down:            ## Stop everything; the data stays
	@$(SETUP) down
reset:           ## Begin anew: removes the demo's site and databases (asks first; YES=1 does not ask)
	@$(SETUP) reset
test:            ## All tests on a site of their own; ARGS="tests/engine -k quotient" chooses
	@$(SETUP) test $(ARGS)
lint:            ## ruff, our own rules, prettier
	@$(SETUP) lint
format:          ## Let ruff and prettier format the files
	@$(SETUP) format
bench:           ## Benchmarks (tests/benchmark); ARGS passes arguments on
	@$(SETUP) bench $(ARGS)
setup:           ## Only install: packages, framework, dependencies, assets
	@$(SETUP) setup
databases:       ## Only start MariaDB and Redis of the demo
	@$(SETUP) databases
site:            ## NAME=dev.localhost: a developer's site beside the demo's
	@$(SETUP) new-site $(NAME)
drop-site:       ## NAME=dev.localhost: remove it
	@$(SETUP) drop-site $(NAME)
logins:          ## The demo's logins
	@$(SETUP) logins
backup:          ## Save the demo, or NAME=…, with its files below var/backups, and prove that it comes back
	@$(SETUP) backup $(NAME)
restore:         ## FROM=var/backups/… NAME=…: make that site from a backup and compare every table
	@$(SETUP) restore "$(FROM)" $(NAME)
school:          ## A training base beside the demo, from its data (or FROM=var/backups/…): banner, no mail, no payment
	@$(SETUP) school $(FROM)
screenshots:     ## Pictures of docs/images from the running demo; URL=… and PASSWORD=… of another one
	@env/bin/python -m tests.browser.screenshots $(if $(URL),--url $(URL)) $(if $(PASSWORD),--password $(PASSWORD))
matrix:          ## Write the tables of docs/permissions.md anew; the diff is a change of rights
	@$(SETUP) test tests/security/test_matrix.py --write-matrix
lock:            ## Raise the Python dependencies and lock them anew
	@$(SETUP) lock
