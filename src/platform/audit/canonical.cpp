#include "platform/audit/canonical.h"

#include <bit>

namespace mobilytics::audit {

namespace {

std::string_view text_of(const Sha256& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

void put(std::string& out, std::string_view field) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        out += static_cast<char>((field.size() >> shift) & 0xFF);
    }
    out += field;
}

void put_list(std::string& out, const std::vector<std::string>& fields) {
    put(out, std::to_string(fields.size()));
    for (const auto& field : fields) put(out, field);
}

class Statement {
  public:
    explicit Statement(std::string_view kind) { text_.append(kind).append("\n"); }
    Statement& say(std::string_view name, std::string_view value) {
        text_.append(name).append("=").append(value).append("\n");
        return *this;
    }
    Statement& say(std::string_view name, std::int64_t value) {
        return say(name, std::to_string(value));
    }
    Statement& say(std::string_view name, const Sha256& value) {
        return say(name, crypto::to_hex(value));
    }
    std::string text() { return std::move(text_); }

  private:
    std::string text_;
};

}  // namespace

Sha256 digest_of_details(std::string_view salt, std::string_view details) {
    return crypto::sha256(std::string(salt).append(details));
}

std::string canonical(const KeptEntry& entry, Instant sealed_at) {
    std::string out;
    out.reserve(512);
    put(out, "mobilytics.audit.v1");
    put(out, entry.company.uuid());
    put(out, entry.id.uuid());
    put(out, std::to_string(entry.number));
    put(out, entry.transaction);
    put(out, to_iso8601(entry.occurred_at));
    put(out, entry.action);
    put(out, entry.outcome);
    put(out, entry.actor_kind);
    put(out, entry.actor_id);
    put(out, entry.impersonator);
    put_list(out, entry.target_types);
    put_list(out, entry.target_ids);
    put(out, entry.request_id);
    put(out, entry.trace_id);
    put(out, crypto::to_hex(entry.details_sha256));
    put(out, to_iso8601(sealed_at));
    return out;
}

Sha256 digest_of(const Sha256& previous, const KeptEntry& entry, Instant sealed_at) {
    return crypto::sha256(std::string(text_of(previous)).append(canonical(entry, sealed_at)));
}

Sha256 merkle_root(std::span<const Sha256> leaves) {
    if (leaves.empty()) return crypto::sha256("");
    if (leaves.size() == 1) return crypto::sha256(std::string(1, '\0').append(text_of(leaves[0])));
    const auto left = std::bit_ceil(leaves.size()) / 2;
    const auto one = merkle_root(leaves.first(left)), other = merkle_root(leaves.subspan(left));
    return crypto::sha256(std::string(1, '\1').append(text_of(one)).append(text_of(other)));
}

std::string statement(const Head& head) {
    return Statement("mobilytics.audit.head.v1")
        .say("company", head.company.uuid())
        .say("position", head.position)
        .say("sha256", head.sha256)
        .text();
}

std::string statement(const Root& root) {
    return Statement("mobilytics.audit.root.v1")
        .say("company", root.company.uuid())
        .say("hour", to_iso8601(root.hour))
        .say("first", root.first)
        .say("last", root.last)
        .say("previous_sha256", root.previous)
        .say("last_sha256", root.last_sha256)
        .say("merkle_sha256", root.merkle)
        .text();
}

std::string statement(const Retirement& retirement) {
    return Statement("mobilytics.audit.retirement.v1")
        .say("company", retirement.company.uuid())
        .say("month", retirement.month)
        .say("first", retirement.first)
        .say("last", retirement.last)
        .say("last_sha256", retirement.last_sha256)
        .say("retired_at", to_iso8601(retirement.retired_at))
        .text();
}

}  // namespace mobilytics::audit
