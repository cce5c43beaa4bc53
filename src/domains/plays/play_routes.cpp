// What is not JSON both ways: files of play logs.

#include <boost/json.hpp>

#include "domains/assets/assets.h"
#include "domains/plays/play_file.h"
#include "foundation/json.h"
#include "platform/http/router.h"

namespace mobilytics::plays {

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{64} << 20;

boost::json::value json_of(const std::vector<PlayFinding>& findings) {
    boost::json::array out;
    for (const auto& one : findings) {
        json::Writer item;
        item.field("kind", one.kind);
        item.field("count", one.count);
        item.optional("line", one.line);
        item.field("detail", one.detail);
        out.push_back(item.finish());
    }
    return out;
}

boost::json::value json_of(const Imported& done) {
    const auto& log = done.log;
    json::Writer out;
    out.optional("id", done.kept ? std::optional(log.id) : std::nullopt);
    out.field("face_id", log.face_id);
    out.field("dry_run", done.dry_run);
    out.field("already", done.already);
    out.field("form", log.form);
    out.field("from", log.from);
    out.field("to", log.to);
    out.field("lines", log.lines);
    out.field("plays", log.plays);
    out.field("repeated", log.repeated);
    out.field("elsewhere", log.elsewhere);
    out.field("covered_s", log.covered_s);
    out.field("findings", log.findings, [](const auto& all) { return json_of(all); });
    return out.finish();
}

/// What follows the question mark: every fault is told, and every name that is not asked for.
class Asked {
  public:
    explicit Asked(const http::Query& query) : query_(query) {}

    std::optional<std::string> text(const std::string& name, std::size_t bytes_max) {
        const auto [first, last] = query_.equal_range(name);
        known_ += static_cast<std::size_t>(std::distance(first, last));
        if (first == last) return std::nullopt;
        if (std::next(first) != last || !is_plain(first->second, bytes_max)) {
            fault(
                name, "is to be said once, as plain text of at most " + std::to_string(bytes_max) +
                          " bytes");
            return std::nullopt;
        }
        return first->second;
    }
    /// With whatever offset, as in the file.
    std::optional<Instant> time(const std::string& name) {
        const auto said = text(name, 40);
        if (!said) return std::nullopt;
        const auto out = instant_of(*said);
        if (!out) fault(name, "is to be a time with its offset, like 2026-08-21T17:00:00-05:00");
        return out;
    }
    bool truth(const std::string& name) {
        const auto said = text(name, 5);
        if (said && *said != "true" && *said != "false") fault(name, "is to be true or false");
        return said == "true";
    }
    void fault(const std::string& name, std::string detail) {
        faults_.push_back({name.empty() ? "/query" : "/query/" + name, std::move(detail)});
    }
    Result<> finish() {
        if (known_ < query_.size()) fault("", "has a name that is not asked here");
        if (faults_.empty()) return {};
        return tl::unexpected(Error{
            ErrorKind::invalid, "bad_query", "what was asked has faults", std::move(faults_)});
    }

  private:
    const http::Query& query_;
    std::size_t known_ = 0;
    std::vector<Fault> faults_;
};

Result<NewPlayLog> wanted_of(const http::Query& query, Instant now) {
    NewPlayLog out;
    Asked in(query);
    out.source = in.text("source", 200).value_or("");
    out.face_name = in.text("face_name", 200);
    out.dry_run = in.truth("dry_run");
    const auto from = in.time("covers_from"), to = in.time("covers_to");
    if (query.contains("covers_from") != query.contains("covers_to")) {
        in.fault("covers_to", "goes with covers_from: give both, or neither");
    } else if (from && to && *from >= *to) {
        in.fault("covers_to", "is to be later than covers_from");
    } else if (to && *to > now) {
        in.fault("covers_to", "is in the future: a log covers what has been");
    }
    CHECK(in.finish());
    if (from && to) out.covers = Stretch{*from, *to};
    return out;
}

std::optional<FileFormat> format_of(std::string_view type) {
    if (type.starts_with("text/csv")) return FileFormat::csv;
    for (const char* one :
         {"application/x-ndjson", "application/jsonl", "application/json-lines"}) {
        if (type.starts_with(one)) return FileFormat::json_lines;
    }
    return std::nullopt;
}

Result<http::Reply> put_log(
    Plays& plays, assets::Assets& assets, const Clock& clock, const http::Call& call) {
    TRY(const auto face, FaceId::parse(call.path.at("face_id")));
    CHECK(assets.find_face(call.caller, face));
    TRY(auto wanted, wanted_of(call.query, clock.now()));
    const auto format = format_of(call.request.headers.get("Content-Type"));
    if (!format) {
        return http::problem(
            415, {ErrorKind::invalid, "bad_media_type",
                  "say Content-Type: text/csv, or application/x-ndjson of JSON lines"});
    }
    wanted.format = *format;
    TRY(const auto done, plays.import_log(call.caller, face, wanted, call.request.body));
    return http::Reply{.status = done.dry_run || done.already ? 200U : 201U, .body = json_of(done)};
}

}  // namespace

void mount_by_hand(http::Router& router, Plays& plays, assets::Assets& assets, const Clock& clock) {
    using namespace std::chrono_literals;
    router.on_raw(
        http::verb::post, "/api/v1/faces/{face_id}/play-logs",
        http::Access(Roles::from(Role::analyst) | Roles{Role::operator_}, "plays:write"),
        [&plays, &assets, &clock](const http::Call& call) {
            return put_log(plays, assets, clock, call);
        },
        {.body_bytes_max = kFileBytesMax, .rate = http::Rate{30, 60s}});
}

}  // namespace mobilytics::plays
