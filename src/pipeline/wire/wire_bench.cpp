// Reports of a busy street, 1 000 sightings each: encoded, and decoded as ingest does.

#include <benchmark/benchmark.h>

#include "pipeline/wire/report.pb.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::wire {
namespace {

/// 1 000 sightings in 2 s of some 300 phones, of which a third is heard by BLE.
Report busy_street() {
    Report out;
    out.key = {DeviceId::from_bytes({1}), BootId{2}, 3};
    out.started = Instant(std::chrono::microseconds(1'787'304'600'000'000));
    out.duration = std::chrono::microseconds(2'000'000);
    out.clock_state = ClockState::ntp;
    auto& all = out.observations;
    all.salt_epoch = {9};
    all.salt_mode = SaltMode::standard;
    std::uint64_t random = 7;
    const auto next = [&](std::uint64_t end) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        return (random >> 33) % end;
    };
    for (std::uint32_t i = 0; i < 1'000; ++i) {
        const auto phone = next(300);
        const bool ble = phone % 3 == 0;
        all.rows.push_back(
            {.pseudonym = (phone + 1) * 0x9E3779B97F4A7C15u,
             .at_us = i * 2'000 + static_cast<std::uint32_t>(next(2'000)),
             .coarse_fingerprint =
                 ble ? 0 : static_cast<std::uint32_t>((phone % 20 + 1) * 0x9E3779B9u),
             .fine_fingerprint =
                 ble ? 0 : static_cast<std::uint32_t>((phone % 60 + 1) * 0x85EBCA6Bu),
             .sequence = ble ? std::uint16_t{0} : static_cast<std::uint16_t>(next(4096)),
             .ble_company = ble ? std::uint16_t{0x004C} : std::uint16_t{0xFFFF},
             .kind = ble ? RadioKind::ble : RadioKind::wifi,
             .address_class = ble ? AddressClass::ble_resolvable : AddressClass::local,
             .rssi_dbm = static_cast<std::int8_t>(-90 + static_cast<int>(next(50))),
             .channel = ble ? static_cast<std::uint8_t>(37 + next(3)) : std::uint8_t{6},
             .ble_type = ble ? std::uint8_t{3} : std::uint8_t{0},
             .ble_subtype = ble ? std::uint8_t{16} : std::uint8_t{0}});
    }
    return out;
}

void count_rows(benchmark::State& state, std::size_t bytes) {
    state.SetItemsProcessed(state.iterations() * 1'000);
    state.counters["bytes_per_observation"] = static_cast<double>(bytes) / 1'000;
}

void encode_observations(benchmark::State& state) {
    const auto report = busy_street();
    std::string out;
    for (auto _ : state) {
        out.clear();
        append_frame(out, report);
        benchmark::DoNotOptimize(out.data());
    }
    count_rows(state, out.size());
}
BENCHMARK(encode_observations);

void decode_observations(benchmark::State& state, Compress compress) {
    std::string envelope;
    append_frame(envelope, busy_street(), compress);
    Report report;
    for (auto _ : state) {
        EnvelopeReader reader(
            {reinterpret_cast<const std::uint8_t*>(envelope.data()), envelope.size()});
        const auto frame = reader.next();
        if (!frame || decode(*frame, report)) state.SkipWithError("refused");
        benchmark::DoNotOptimize(report.observations.rows.data());
    }
    count_rows(state, envelope.size());
}
BENCHMARK_CAPTURE(decode_observations, compressed, Compress::yes);
BENCHMARK_CAPTURE(decode_observations, plain, Compress::no);

/// For comparison: libprotobuf alone, without checks and without making columns.
void parse_by_libprotobuf(benchmark::State& state) {
    std::string frame;
    append_frame(frame, busy_street(), Compress::no);
    const auto body = frame.substr(kFrameHeaderBytes);
    v1::Report message;
    for (auto _ : state) {
        if (!message.ParseFromString(body)) state.SkipWithError("refused");
        benchmark::DoNotOptimize(message.observations().pseudonym().data());
    }
    count_rows(state, body.size());
}
BENCHMARK(parse_by_libprotobuf);

void checksum(
    benchmark::State& state, std::uint32_t (*sum)(std::span<const std::uint8_t>, std::uint32_t)) {
    const std::vector<std::uint8_t> bytes(16 << 10, 0xA5);
    for (auto _ : state) benchmark::DoNotOptimize(sum(bytes, 0));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK_CAPTURE(checksum, by_instruction, &crc32c);
BENCHMARK_CAPTURE(checksum, portable, &crc32c_portable);

}  // namespace
}  // namespace mobilytics::wire
