from aicore_magics.templates.rules import kubernetes_keys as rules


def test_every_container_has_the_keys_of_one():
    """A script, a sidecar and a container of a set have each one key more."""
    more = {"source": rules.SCRIPT, "dependencies": rules.SET_CONTAINER, "mirrorVolumeMounts": rules.SIDECAR}
    for key, kind in more.items():
        assert kind.keys.keys() - rules.CONTAINER.keys.keys() == {key}
        assert not rules.CONTAINER.keys.keys() - kind.keys.keys()
