"""Last days in words; pure."""

from datetime import date

from inbox.model.speech import Speech


def days_left(speech: Speech, day: date, today: date) -> str:
    """Say how many days are left until a last day."""
    left = (day - today).days
    if left < 0:
        return speech.gettext("Tähtaeg on möödas.")
    if left == 0:
        return speech.gettext("Täna on viimane päev.")
    return speech.ngettext("Jäänud on %(num)d päev.", "Jäänud on %(num)d päeva.", left)


def task_deadline(speech: Speech, day: date, today: date) -> str:
    """Say a task's last day: `Tähtaeg reedel, 20. novembril. Jäänud on 3 päeva.`"""
    if day < today:
        return speech.gettext(
            "Tähtaeg oli %(day)s. Vastata saab ikka, aga vastake kohe.", day=speech.day_long(day)
        )
    return speech.gettext(
        "Tähtaeg %(day)s. %(left)s", day=speech.day_long(day), left=days_left(speech, day, today)
    )
