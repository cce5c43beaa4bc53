#include "pipeline/sensor/decode/radiotap.h"

#include <algorithm>
#include <array>

#include "pipeline/sensor/decode/octets.h"

namespace mobilytics::sensor {

namespace {

enum Field : unsigned {
    kTsft = 0,
    kFlags = 1,
    kChannel = 3,
    kSignal = 5,
    kReceiveFlags = 14,
    kExtendedChannel = 18,
    kKnownFields = 28,
    kRadiotapNamespace = 29,
    kVendorNamespace = 30,
    kAnotherWord = 31,
};

struct Shape {
    std::uint8_t bytes;
    std::uint8_t boundary;
};
constexpr std::array<Shape, kKnownFields> kShapes{{
    {8, 8},   // TSFT
    {1, 1},   // flags
    {1, 1},   // rate
    {4, 2},   // channel
    {2, 2},   // FHSS
    {1, 1},   // dBm antenna signal
    {1, 1},   // dBm antenna noise
    {2, 2},   // lock quality
    {2, 2},   // TX attenuation
    {2, 2},   // dB TX attenuation
    {1, 1},   // dBm TX power
    {1, 1},   // antenna
    {1, 1},   // dB antenna signal
    {1, 1},   // dB antenna noise
    {2, 2},   // RX flags
    {2, 2},   // TX flags
    {1, 1},   // RTS retries
    {1, 1},   // data retries
    {8, 4},   // extended channel
    {3, 1},   // MCS
    {8, 4},   // A-MPDU status
    {12, 2},  // VHT
    {12, 8},  // timestamp
    {12, 2},  // HE
    {12, 2},  // HE-MU
    {6, 2},   // HE-MU of another user
    {1, 1},   // zero-length PSDU
    {4, 2},   // L-SIG
}};

constexpr std::size_t kWordsMax = 32;

bool has(std::uint32_t word, unsigned bit) { return (word >> bit & 1) != 0; }

/// Reads the fields of one header, word by word of what is present.
class FieldReader {
  public:
    FieldReader(Octets header, std::size_t fields_at, Radiotap& out) : in_(header), out_(out) {
        in_.skip(fields_at);
    }

    /// Whether reading may go on with the next word.
    bool read_word(std::uint32_t word) {
        if (!in_vendor_) {
            // Bits of a continued word count on from 32, where no field is known.
            const unsigned known = continued_ ? 0U : unsigned{kKnownFields};
            for (unsigned bit = 0; bit < kRadiotapNamespace; ++bit) {
                if (!has(word, bit)) continue;
                if (bit >= known) return false;
                read_field(static_cast<Field>(bit));
            }
        }
        ++words_;
        if (has(word, kRadiotapNamespace)) {
            in_vendor_ = false;
            continued_ = false;
        } else if (has(word, kVendorNamespace)) {
            in_.align(2);
            in_.skip(4);
            in_.skip(in_.little16());
            in_vendor_ = true;
        } else {
            continued_ = true;
        }
        return in_.good();
    }

    bool good() const { return in_.good(); }

  private:
    void read_field(Field field) {
        in_.align(kShapes[field].boundary);
        const Octets body = in_.take(kShapes[field].bytes);
        if (!in_.good()) return;
        OctetReader value(body);
        if (field == kTsft && !out_.tsft_us) out_.tsft_us = value.little64();
        if (field == kFlags && !out_.flags) out_.flags = value.u8();
        if (field == kChannel && out_.frequency_mhz == 0) out_.frequency_mhz = value.little16();
        if (field == kSignal) add_signal(static_cast<std::int8_t>(value.u8()));
        if (field == kReceiveFlags) out_.receive_flags = value.little16();
        if (field == kExtendedChannel && out_.frequency_mhz == 0) {
            value.skip(4);
            out_.frequency_mhz = value.little16();
        }
    }

    /// The first word has the signal of all antennas together, those behind it one antenna's each.
    void add_signal(std::int8_t dbm) {
        if (words_ == 0) {
            out_.signal_dbm = dbm;
            overall_ = true;
        } else if (!overall_ && dbm != 0) {
            out_.signal_dbm = std::max(dbm, out_.signal_dbm.value_or(dbm));
        }
    }

    OctetReader in_;
    Radiotap& out_;
    std::size_t words_ = 0;
    bool in_vendor_ = false;
    bool continued_ = false;
    bool overall_ = false;
};

}  // namespace

std::optional<Radiotap> read_radiotap(Octets frame) {
    OctetReader in(frame);
    const std::uint8_t version = in.u8();
    in.skip(1);
    const std::size_t header_bytes = in.little16();
    if (!in.good() || version != 0 || header_bytes < 8 || header_bytes > frame.size()) {
        return std::nullopt;
    }
    OctetReader words(frame.first(header_bytes));
    words.skip(4);
    std::array<std::uint32_t, kWordsMax> present{};
    std::size_t count = 0;
    do {
        if (count == kWordsMax) return std::nullopt;
        present[count++] = words.little32();
    } while (words.good() && has(present[count - 1], kAnotherWord));
    if (!words.good()) return std::nullopt;

    Radiotap out;
    out.header_bytes = header_bytes;
    FieldReader fields(frame.first(header_bytes), words.at(), out);
    for (std::size_t i = 0; i < count && fields.read_word(present[i]);) ++i;
    if (!fields.good()) return std::nullopt;
    return out;
}

std::uint8_t channel_of(std::uint16_t frequency_mhz) {
    const int mhz = frequency_mhz;
    if (mhz == 2484) return 14;
    if (mhz == 5935) return 2;
    int first = 0;
    if (mhz >= 2412 && mhz <= 2472) first = 2407;
    if (mhz >= 4910 && mhz <= 4980) first = 4000;
    if (mhz >= 5160 && mhz <= 5885) first = 5000;
    if (mhz >= 5955 && mhz <= 7115) first = 5950;
    if (first == 0 || (mhz - first) % 5 != 0) return 0;
    return static_cast<std::uint8_t>((mhz - first) / 5);
}

}  // namespace mobilytics::sensor
