"""What network coordinators look after: letters that did not arrive, and a clock that has jumped."""
