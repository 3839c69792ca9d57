"""What admins read in the history: the names of changes and of messages: `riwayat.toml`."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class HistoryWords(Part):
    """What /riwayat calls each change and each message."""

    tambah: Annotated[Text, Slots("noun")]
    ubah_nama: Annotated[Text, Slots("noun")]
    aktif: Annotated[Text, Slots("noun")]
    gratis: Annotated[Text, Slots("noun")]
    kerja: Annotated[Text, Slots("noun")]
    urutan_layanan: Plain
    pengguna_layanan: Plain
    ubah_data_kantor: Plain
    tambah_pejabat: Plain
    ubah_pejabat: Plain
    ubah_dokumen: Plain
    tanda_tangan_dokumen: Plain
    versi_baru_dokumen: Plain
    ubah_arti_pembagi: Plain
    ubah_poster: Plain
    cetak_kuesioner: Plain
    cetak_kode_kunjungan: Plain
    pasang_grup: Plain
    unit_grup: Plain
    grup_lepas: Plain
    grup_bisu: Plain
    grup_pindah: Plain
    klaim: Plain
    undang: Plain
    terima_undangan: Plain
    cabut_undangan: Plain
    cabut_peran: Plain
    tutup_periode: Plain
    kunci_periode: Plain
    periode_berlanjut: Plain
    perbaiki_rekap: Plain
    kirim_sekarang: Plain
    kirim_lagi: Plain
    gugurkan: Plain
    isian_kertas: Plain
    batal_isian_kertas: Plain
    usul_ralat: Plain
    ralat: Plain
    tolak_ralat: Plain
    tambah_tindak_lanjut: Plain
    ubah_tindak_lanjut: Plain
    tambah_rekomendasi: Plain
    hapus_rekomendasi: Plain
    rencana_rekomendasi: Plain
    tulis_sebab: Plain
    tambah_foto: Plain
    hapus_foto: Plain
    tanda_laporan: Plain
    buka_laporan: Plain
    kabari_warga: Plain
    lhe_sakip: Plain
    target_iku: Plain
    realisasi_iku: Plain
    rencana_baru: Plain
    hapus_rencana: Plain
    ubah_rencana: Plain
    ekspor_rinci: Plain
    putar_ulang: Plain
    kunci_baru: Plain
    unit_period: Annotated[Text, Slots("period")]
    invitation: Annotated[Text, Slots("number")]
    of_role: Annotated[Text, Slots("role", "user")]
    kind_ringkasan: Plain
    kind_ringkasan_unit: Plain
    kind_pratinjau: Plain
    kind_nilai_buka: Plain
    kind_nilai_ingat: Plain
    kind_denyut: Plain
    kind_peringatan: Plain
    kind_ralat: Plain
    kind_agenda: Plain
