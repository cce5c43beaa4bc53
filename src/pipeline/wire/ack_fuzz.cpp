// Any bytes as an ack: refused, or read as libprotobuf reads it and written again the same.

#include "pipeline/wire/report.pb.h"
#include "pipeline/wire/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mobilytics::wire;
    const auto ack = decode_ack({data, size});
    if (!ack) return 0;
    v1::Ack message;
    VERIFY(message.ParseFromArray(data, static_cast<int>(size)));
    VERIFY(message.cumulative_seq() == ack->cumulative_seq);
    VERIFY(static_cast<std::size_t>(message.settled_size()) == ack->settled.size());
    const auto again = encode(*ack);
    VERIFY(decode_ack({reinterpret_cast<const std::uint8_t*>(again.data()), again.size()}) == ack);
    return 0;
}
