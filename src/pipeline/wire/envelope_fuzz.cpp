// Any bytes as an envelope: each frame is read or refused, what is read is within every limit and
// libprotobuf reads it as well, and written again it is read the same. Where the checksum does not
// fit, the bytes are read as a body too, so that the fuzzer gets past it.

#include "pipeline/wire/report.pb.h"
#include "pipeline/wire/wire.h"

namespace {

using namespace mobilytics::wire;

void check(const FrameView& frame, Report& report) {
    if (decode(frame, report)) return;
    VERIFY(!refused(report));
    if (!frame.compressed) {
        v1::Report message;
        VERIFY(message.ParseFromArray(frame.body.data(), static_cast<int>(frame.body.size())));
        VERIFY(message.seq() == report.key.seq);
        VERIFY(
            static_cast<std::size_t>(message.observations().pseudonym_size()) ==
            report.observations.size());
    }
    const auto again = encode(report);
    EnvelopeReader reader({reinterpret_cast<const std::uint8_t*>(again.data()), again.size()});
    const auto second = reader.next();
    Report read;
    VERIFY(second && !decode(*second, read) && read == report);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Report report;  // Reused, as ingest does.
    EnvelopeReader reader({data, size});
    while (const auto frame = reader.next()) check(*frame, report);
    FrameView body;
    body.body = {data, size};
    body.plain_bytes = static_cast<std::uint32_t>(size);
    check(body, report);
    return 0;
}
