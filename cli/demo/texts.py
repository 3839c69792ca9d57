"""What the people of the demo's past typed: suggestions of citizens, measures of the office."""

SUGGESTIONS = (
    "Kursi di ruang tunggu tolong ditambah, sering ada yang berdiri.",
    "Petugasnya ramah dan sabar menjelaskan, terima kasih.",
    "Jam istirahat sebaiknya tetap ada satu petugas yang melayani.",
    "Syaratnya tolong ditempel di papan depan supaya tidak bolak-balik.",
    "Antrean KTP lama sekali kalau jaringannya sedang lambat.",
    "Parkir motor perlu atap, kalau hujan semua kehujanan.",
    "Nomor antrean sebaiknya dipanggil lewat pengeras suara.",
    "Sudah lebih cepat daripada tahun lalu, pertahankan.",
    "Toiletnya kurang bersih.",
    "Mohon ada nomor WA untuk menanyakan berkas sudah jadi atau belum.",
    "Kotak saran di loket tidak pernah dibuka?",
    "Ada meja yang lebih rendah untuk pemakai kursi roda akan sangat membantu.",
)

# By unsur: what the office plans, and how it shows that this was done.
RECOMMENDATIONS = (
    "Menyelaraskan rencana kerja tahunan dengan sasaran Renstra",
    "Memantau rencana aksi setiap triwulan dan mencatat hasilnya",
)
ANSWER, PLANNER = "Rapat penyelarasan Renja dengan semua seksi", "Kasubbag Perencanaan dan Keuangan"
MEASURES = {
    "PERSYARATAN": (
        "Menempel daftar persyaratan setiap layanan di papan depan",
        "Papan persyaratan terpasang di ruang tunggu",
    ),
    "PROSEDUR": (
        "Membuat bagan alur layanan satu halaman di setiap loket",
        "Bagan alur terpasang di tiga loket",
    ),
    "WAKTU": (
        "Menambah satu petugas loket pada pukul 08.00–11.00",
        "Jadwal piket loket yang baru berlaku",
    ),
    "BIAYA": (
        "Menempel pengumuman bahwa layanan tidak dipungut biaya",
        "Pengumuman gratis terpasang di setiap loket",
    ),
    "PRODUK": (
        "Memeriksa ulang hasil cetak sebelum diserahkan",
        "Lembar periksa dipakai di loket",
    ),
    "KOMPETENSI": (
        "Pelatihan aplikasi kependudukan bagi petugas loket",
        "Daftar hadir pelatihan, enam petugas",
    ),
    "PERILAKU": (
        "Apel pagi dengan pengarahan senyum, salam, sapa",
        "Notulen apel setiap Senin",
    ),
    "PENGADUAN": (
        "Mengumumkan nomor pengaduan dan menjawab dalam dua hari kerja",
        "Buku pengaduan: semua terjawab",
    ),
    "SARANA": (
        "Menambah dua belas kursi dan dua kipas di ruang tunggu",
        "Berita acara serah terima kursi dan kipas",
    ),
}  # fmt: skip
RESPONSIBLE = "Kasi Pelayanan Umum"
