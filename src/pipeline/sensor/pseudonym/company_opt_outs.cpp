#include "pipeline/sensor/pseudonym/company_opt_outs.h"

#include <algorithm>
#include <system_error>

#include <boost/json.hpp>

#include "foundation/log.h"
#include "platform/crypto/files.h"

namespace mobilytics::sensor {

namespace json = boost::json;

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kVersionMax = 64;
constexpr std::size_t kDigestsMax = 100'000;  // Ten times what the platform keeps.
/// Of the first octet: of a group, and not given by a maker. The platform takes none of these.
constexpr std::uint8_t kNeverListed = 0x03;

/// It is said again in a header.
bool is_version(std::string_view text) {
    constexpr std::string_view kCharacters = "0123456789abcdefghijklmnopqrstuvwxyz";
    return !text.empty() && text.size() <= kVersionMax &&
           text.find_first_not_of(kCharacters) == text.npos;
}

Result<OptOutDigest> read_digest(const json::value& one) {
    const auto* text = one.if_string();
    if (text == nullptr) return fail(ErrorKind::invalid, "bad_hex", "not a text");
    TRY(const auto bytes, crypto::from_hex(std::string_view(*text)));
    OptOutDigest out{};
    if (bytes.size() != out.size()) return fail(ErrorKind::invalid, "bad_hex", "another length");
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

json::object json_of(const ToldOptOuts& told) {
    json::array digests;
    for (const auto& digest : told.digests) {
        digests.emplace_back(
            crypto::to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()}));
    }
    json::object out{{"version", told.version}, {"digests", std::move(digests)}};
    if (told.key) out["key"] = crypto::to_hex(told.key->reveal());
    return out;
}

}  // namespace

Result<ToldOptOuts> read_opt_outs(std::string_view text) {
    const auto bad = fail(ErrorKind::unavailable, "bad_opt_outs", "this is no list of opt-outs");
    boost::system::error_code error;
    const auto parsed = json::parse(text, error);
    const auto* object = error ? nullptr : parsed.if_object();
    if (object == nullptr) return bad;
    const auto* version = object->if_contains("version");
    const auto* digests = object->if_contains("digests");
    if (version == nullptr || !version->is_string() || digests == nullptr || !digests->is_array()) {
        return bad;
    }
    ToldOptOuts out;
    out.version = version->get_string();
    if (!is_version(out.version)) return bad;
    if (const auto* key = object->if_contains("key")) {
        if (!key->is_string()) return bad;
        auto bytes = crypto::from_hex(std::string_view(key->get_string()));
        if (!bytes || bytes->size() != kKeyBytes) return bad;
        out.key.emplace(*std::move(bytes));
    }
    const auto& all = digests->get_array();
    if (all.size() > kDigestsMax || (!all.empty() && !out.key)) return bad;
    out.digests.reserve(all.size());
    for (const auto& one : all) {
        const auto digest = read_digest(one);
        if (!digest) return bad;
        out.digests.push_back(*digest);
    }
    return out;
}

CompanyOptOuts::CompanyOptOuts(std::filesystem::path file, const OptOutLimits& limits)
    : file_(std::move(file)), limits_(limits) {
    if (file_.empty()) return;
    std::optional<std::string> text;
    try {
        text = crypto::read_file(file_);
    } catch (const std::system_error& error) {
        log::warning("opt_outs_not_read", {{"why", error.what()}});
    }
    if (!text) return;
    const auto kept = read_opt_outs(*text);
    if (!kept) {
        log::warning("opt_outs_not_read", {{"why", kept.error().code}});
        return;
    }
    take(*kept);
    settled_ = true;
}

bool CompanyOptOuts::has(const Address& address) const {
    if (empty_ || (address[0] & kNeverListed) != 0) return false;
    const std::lock_guard lock(mutex_);
    if (!hmac_) return false;
    const auto whole = hmac_->of(address);
    OptOutDigest digest{};
    std::copy_n(whole.begin(), digest.size(), digest.begin());
    return std::binary_search(digests_.begin(), digests_.end(), digest);
}

void CompanyOptOuts::take(const ToldOptOuts& told) {
    auto sorted = told.digests;
    std::sort(sorted.begin(), sorted.end());
    std::optional<crypto::Hmac> hmac;
    if (told.key) hmac.emplace(*told.key);
    const std::lock_guard lock(mutex_);
    version_ = told.version;
    digests_ = std::move(sorted);
    hmac_ = std::move(hmac);
    empty_ = digests_.empty();
}

/// A disk that cannot be written keeps nobody from being passed over now.
void CompanyOptOuts::keep(const ToldOptOuts& told) const {
    if (file_.empty()) return;
    try {
        crypto::write_file(file_, json::serialize(json_of(told)), crypto::Readable::by_owner);
    } catch (const std::system_error& error) {
        log::warning("opt_outs_not_kept", {{"why", error.what()}});
    }
}

void CompanyOptOuts::refresh(OptOutPort& port, std::uint64_t mono_us) {
    if (mono_us < ask_at_us_) return;
    const auto before = version();
    const auto told = port.opt_outs(before);  // Without the lock: recording goes on meanwhile.
    auto next = told ? limits_.ask_every : limits_.retry_every;
    if (told && *told) {
        take(**told);
        log::info("opt_outs_received", {{"version", (*told)->version}, {"count", size()}});
        keep(**told);
        // To say that it is followed.
        if ((*told)->version != before) next = std::chrono::milliseconds(0);
    }
    const auto wait = std::chrono::duration_cast<std::chrono::microseconds>(next);
    ask_at_us_ = mono_us + static_cast<std::uint64_t>(wait.count());
    settled_ = true;
}

std::string CompanyOptOuts::version() const {
    const std::lock_guard lock(mutex_);
    return version_;
}

std::size_t CompanyOptOuts::size() const {
    const std::lock_guard lock(mutex_);
    return digests_.size();
}

}  // namespace mobilytics::sensor
