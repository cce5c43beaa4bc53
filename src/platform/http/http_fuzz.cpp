// Whatever bytes come, each request of them is read, routed and answered, or refused; and it makes
// no difference in what pieces they come.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "foundation/json.h"
#include "platform/http/outgoing.h"
#include "platform/http/query.h"
#include "platform/http/request_reader.h"
#include "platform/http/router.h"

namespace mobilytics::http {
namespace {

constexpr std::size_t kBodyBytesMax = 512;

struct Asset {
    static constexpr std::string_view kIdPrefix = "asset";
};

Result<Reply> find(const Call& call) {
    TRY(const auto id, Id<Asset>::parse(call.path.at("id")));
    return Reply{200, {{"id", id.str()}, {"body", call.body}}};
}

Result<Reply> search(const Call& call) {
    std::vector<Id<Asset>> ids;
    std::optional<Instant> from;
    double scale = 0;
    PageRequest page;
    QueryReader in(call.query);
    in.list(ids, "id", {.max = 5});
    in.optional(from, "from");
    in.defaulted(scale, "scale", "1.5", {.min = -90, .max = 90});
    in.page(page);
    CHECK(in.finish());
    return Reply{200, {{"scale", json::encode(scale)}, {"cursor", page.cursor}}};
}

const Router& router() {
    static const auto made = [] {
        auto all = std::make_unique<Router>([](std::string_view token) -> Result<Caller> {
            if (token == "t") return Caller{CompanyId(), Role::owner};
            return fail(ErrorKind::unauthenticated, "no_session", "sign in");
        });
        all->on(verb::get, "/v1/assets", kOpen, search);
        all->on(verb::post, "/v1/assets/{id}", Role::admin, find);
        all->on_raw(verb::put, "/v1/assets/{id}/photo", kDevice, find, {.body_bytes_max = 64});
        return all;
    }();
    return *made;
}

/// A trace is drawn for each request.
std::string without_trace(std::string body) {
    constexpr std::string_view kName = "\"trace_id\":\"";
    constexpr std::size_t kDigits = 32;
    if (const auto at = body.find(kName); at != body.npos) body.erase(at, kName.size() + kDigits);
    return body;
}

std::string answer(RequestReader& reader) {
    Asked asked;
    asked.keep_alive = reader.keep_alive();
    if (reader.refusal()) return json::text(reader.refusal()->body);
    auto request = reader.take();
    VERIFY(request.body.size() <= kBodyBytesMax);
    asked.head = request.method == verb::head;
    request.headers.add("X-Request-Id", "fuzz");
    const auto out = outgoing(router().handle(std::move(request)), asked);
    VERIFY(out.head.starts_with("HTTP/1.1 ") && out.head.ends_with("\r\n\r\n"));
    VERIFY(out.head.find("\r\n\r\n") == out.head.size() - 4);  // Nothing ends it before.
    return out.head.substr(0, out.head.find("\r\n")) + without_trace(std::string(out.bytes()));
}

/// All the answers to `bytes`, which come `piece` at a time.
std::string answers(std::string_view bytes, std::size_t piece) {
    ReadLimits limits;
    limits.header_bytes_max = 1024;
    limits.body_bytes_max = [](verb method, std::string_view target) {
        return router().body_bytes_max(method, target, kBodyBytesMax);
    };
    std::string all;
    std::string waiting;
    auto reader = std::make_unique<RequestReader>(limits);
    for (;;) {
        const auto taken = reader->put(waiting);
        VERIFY(taken <= waiting.size());
        waiting.erase(0, taken);
        if (reader->done()) {
            all += answer(*reader) + "\n";
            if (!reader->keep_alive()) return all;
            reader = std::make_unique<RequestReader>(limits);
            continue;
        }
        if (bytes.empty() || waiting.size() > 4'096) return all;
        waiting.append(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
}

}  // namespace
}  // namespace mobilytics::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = mobilytics::http::answers(bytes, 1 << 20);
    VERIFY(whole == mobilytics::http::answers(bytes, 7));
    return 0;
}
