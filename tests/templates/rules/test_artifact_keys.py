from aicore_magics.templates.rules import artifact_keys as rules
from aicore_magics.templates.rules.artifact_rules import DUE


def test_what_a_location_cannot_do_without_is_a_key_of_it():
    """The keys that are due are spelt as Argo spells them."""
    assert all(key in rules.LOCATIONS[kind].keys for kind, (key, _) in DUE.items())
    assert rules.LOCATIONS.keys() <= rules.ARTIFACT.keys.keys()
