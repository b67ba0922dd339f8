from stdnum.ee import ik

from portal.demo.people import PEOPLE, person


def test_every_code_is_valid_and_names_the_birth_date() -> None:
    for one in PEOPLE:
        assert ik.is_valid(one.code[2:]), one.name
        assert ik.get_birth_date(one.code[2:]) == one.birthdate, one.name


def test_only_the_states_test_identities_lack_an_invented_serial() -> None:
    assert {one.name for one in PEOPLE if not one.invented} == {
        "Jaak-Kristjan Jõeorg",
        "Mari-Liis Männik",
        "Igor Žaikovski",
        "Mary Änn O’Connež-Šuslik Testnumber",
    }


def test_nobody_is_there_twice_and_every_child_is_there() -> None:
    codes = [one.code for one in PEOPLE]
    assert len(set(codes)) == len(codes)
    assert all(person(child).birthdate > one.birthdate for one in PEOPLE for child in one.children)
