"""What people read of assisted entry: `bantu.toml`."""

from office.words.text import Part, Plain


class AssistWords(Part):
    """What /isi_bantu says to the petugas; what the citizen reads is in `CitizenWords`."""

    title: Plain
    number_ask: Plain
    label_number: Plain
    number_wrong: Plain
    number_taken: Plain
    taken_meanwhile: Plain
    service_ask: Plain
    label_service: Plain
    own_service: Plain
    service_gone: Plain
    own_open: Plain
