#pragma once
// What a segment of the spool is, byte by byte; all little endian.
//
//   header, 64 bytes: "MYSPOOL1", u64 number, the last record before it (16 bytes boot, u64 seq),
//   u64 zero, u64 zero, u32 zero, u32 CRC-32C of the 60 bytes before.
//   record, beginning at a multiple of 8: u32 length of the frame, u32 CRC-32C of all that follows,
//   16 bytes boot, u64 seq, u64 wall clock (us since 1970), u64 monotonic clock (us),
//   u8 class, u8 clock state, 6 bytes zero; then the frame, then zeros up to a multiple of 8.
//
// A length of zero, or the end of the file, ends the records: a segment is made longer than it is
// at first, by zeros, so that a full disk is met between segments and not within.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/wire/wire.h"

namespace mobilytics::sensor {

inline constexpr std::size_t kSegmentHeaderBytes = 64;
inline constexpr std::size_t kRecordHeaderBytes = 56;

/// A report's place: in a boot, the seq.
struct SeqKey {
    wire::BootId boot{};
    std::uint64_t seq = 0;
    friend auto operator<=>(const SeqKey&, const SeqKey&) = default;
};

/// By all clocks that there are.
struct Moment {
    Instant wall;
    std::uint64_t mono_us = 0;  // Since the machine's start: comparable within a boot.
    wire::ClockState state = wire::ClockState::unset;
};

/// What may be evicted apart. One class so far.
enum class RecordClass : std::uint8_t { report = 1 };

struct Record {
    SeqKey key;
    Moment at;
    RecordClass record_class = RecordClass::report;
    std::string_view frame;  // Of the bytes it was read from.
};

struct SegmentHeader {
    std::uint64_t number = 0;
    SeqKey before;  // The last record of the segments before; of seq 0 where there is none.
};

/// "segment-000000000000001f", and back; none for any other name.
std::string segment_name(std::uint64_t number);
std::optional<std::uint64_t> segment_number(std::string_view name);

std::string write_header(const SegmentHeader& header);
std::optional<SegmentHeader> read_header(std::string_view bytes);

/// The bytes of a record of a frame so long, with what fills them up to a multiple of 8.
std::size_t record_bytes(std::size_t frame_bytes);
std::string write_record(const Record& record);
/// The record at the front of `bytes`; none if there is none whole.
std::optional<Record> read_record(std::string_view bytes);

struct PlacedRecord {
    std::uint64_t offset = 0;
    Record record;  // Its frame is of the bytes that were scanned.
};

struct Scan {
    std::optional<SegmentHeader> header;
    std::vector<PlacedRecord> records;
    std::uint64_t end = 0;  // Of the last record in an unbroken row.
    bool torn = false;      // Something that is neither record nor zeros stands at `end`.
};

/// Reads a segment up to the first fault. With `salvage`, goes on behind it, wherever a whole
/// record can be found; `end` is then behind the last of these.
enum class AtFault { stop, salvage };
Scan scan(std::string_view bytes, AtFault at_fault);

}  // namespace mobilytics::sensor
