"""What the people of the demo's past typed: suggestions of citizens, measures of the office."""

from storage.settings.office_facts import Fact

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

# What an LHE recommends, and how the office answers.
RECOMMENDATIONS = (
    "Menyelaraskan rencana kerja tahunan dengan sasaran Renstra",
    "Memantau rencana aksi setiap triwulan dan mencatat hasilnya",
)
ANSWER, PLANNER = "Rapat penyelarasan Renja dengan semua seksi", "Kasubbag Perencanaan dan Keuangan"

# What the office is called and where, and who signs, in its papers.
OFFICE: dict[Fact, str] = {
    "alamat": "Jl. Raya Pakong No. 1, Pakong, Pamekasan 69352",
    "kontak": "(0324) 510001 · kecamatan@pakong.contoh",
    "sk": "Keputusan Camat Pakong Nomor 188/12/432.514/2024",
    "tim": "Penanggung jawab: Camat Pakong\nKetua: Sekretaris Kecamatan\n"
    "Sekretaris: Kasi Pelayanan Umum\nAnggota: Kasubbag Umum dan Kepegawaian",
    "persiapan": "minggu terakhir sebelum periode",
    "pelaporan": "minggu kedua sesudah periode",
    "publikasi": "minggu ketiga sesudah periode",
}
CAMAT = ("Drs. H. Contoh Nama, M.Si.", "19700101 199203 1 001", "Pembina Tk. I (IV/b)")

# By unsur: why it is low.
CAUSES = {
    "PERSYARATAN": "Daftar syarat hanya ada di meja petugas.",
    "PROSEDUR": "Pemohon belum tahu loket mana yang didatangi lebih dulu.",
    "WAKTU": "Pada pagi hari satu petugas melayani dua loket, dan jaringan sering lambat.",
    "BIAYA": "Pemohon belum tahu bahwa layanannya tidak dipungut biaya.",
    "PRODUK": "Beberapa surat harus dicetak ulang karena salah ketik.",
    "KOMPETENSI": "Dua petugas baru belum mengikuti pelatihan aplikasi.",
    "PERILAKU": "Pada jam ramai petugas tergesa-gesa.",
    "PENGADUAN": "Kotak saran dibuka sebulan sekali, dan belum ada nomor pengaduan.",
    "SARANA": "Kursi ruang tunggu kurang dan atap parkir belum ada.",
}

# By unsur: what the office plans, how it shows that this was done, and what it did; those that are
# low again and again have several.
MEASURES = {
    "PERSYARATAN": (
        ("Menempel daftar persyaratan setiap layanan di papan depan",
         "Papan persyaratan terpasang di ruang tunggu", "Papan dicetak dan dipasang"),
    ),
    "PROSEDUR": (
        ("Membuat bagan alur layanan satu halaman di setiap loket",
         "Bagan alur terpasang di tiga loket", "Bagan disusun dan dibahas dalam rapat staf"),
    ),
    "WAKTU": (
        ("Menambah satu petugas loket pada pukul 08.00–11.00",
         "Jadwal piket loket yang baru", "Dua staf bergiliran membantu loket"),
        ("Memasang jaringan cadangan di loket KTP-el",
         "Berita acara pemasangan", "Modem cadangan dipasang dan diuji"),
        ("Menerima berkas lewat WhatsApp sebelum pemohon datang",
         "Nomor layanan di papan pengumuman", "Berkas diperiksa sehari sebelumnya"),
        ("Mengambil nomor antrean dari rumah",
         "Buku antrean harian", "Antrean dibuka lewat nomor layanan"),
    ),
    "BIAYA": (
        ("Menempel pengumuman bahwa layanan tidak dipungut biaya",
         "Pengumuman terpasang di setiap loket", "Pengumuman dicetak dan ditempel"),
    ),
    "PRODUK": (
        ("Memeriksa ulang hasil cetak sebelum diserahkan",
         "Lembar periksa di loket", "Petugas mengisi lembar periksa"),
    ),
    "KOMPETENSI": (
        ("Pelatihan aplikasi kependudukan bagi petugas loket",
         "Daftar hadir, enam petugas", "Pelatihan satu hari bersama dinas"),
    ),
    "PERILAKU": (
        ("Apel pagi dengan pengarahan senyum, salam, sapa",
         "Notulen apel setiap Senin", "Apel diadakan setiap Senin"),
    ),
    "PENGADUAN": (
        ("Mengumumkan nomor pengaduan dan menjawab dalam dua hari kerja",
         "Buku pengaduan: semua terjawab", "Nomor diumumkan, satu petugas ditunjuk"),
        ("Membuka kotak saran setiap Jumat",
         "Buku saran", "Kotak dibuka bersama Kasi Pelayanan Umum"),
    ),
    "SARANA": (
        ("Menambah dua belas kursi dan dua kipas di ruang tunggu",
         "Berita acara serah terima kursi dan kipas", "Kursi dan kipas dibeli dan dipasang"),
        ("Memasang atap di tempat parkir",
         "Foto dan berita acara", "Atap selesai dipasang"),
        ("Membersihkan toilet dua kali sehari",
         "Kartu periksa toilet", "Jadwal kebersihan dijalankan"),
        ("Menyediakan meja rendah untuk pemakai kursi roda",
         "Berita acara pengadaan", "Meja ditempatkan di loket 1"),
    ),
}  # fmt: skip
DONE = {plan: (evidence, done) for each in MEASURES.values() for plan, evidence, done in each}
RESPONSIBLE = "Kasi Pelayanan Umum"
