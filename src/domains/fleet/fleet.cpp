#include "domains/fleet/fleet.h"

#include <utility>

#include "domains/accounts/accounts.h"
#include "domains/assets/assets.h"
#include "domains/fleet/fleet_rules.h"
#include "domains/fleet/fleet_store.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"
#include "platform/events/events.h"

namespace mobilytics::fleet {

namespace {

constexpr std::size_t kChanceBytes = 7;  // Ten characters are fifty bits.
constexpr std::size_t kChanceCharacters = 10;
constexpr std::size_t kEpochBytes = 16;
constexpr std::size_t kSaltBytes = 32;

/// A sensor speaks for itself: nobody is signed in. What it may is decided here.
Caller machine_of(CompanyId company) { return {company, Role::admin}; }

std::string about_salt(CompanyId company, const std::string& day) {
    return company.uuid() + "/" + day;
}

auto unknown_claim() {
    return fail(
        ErrorKind::not_found, "unknown_claim",
        "no such code: look for a slip of the pen, or ask for a new one");
}

auto destroyed() {
    return fail(
        ErrorKind::not_found, "salt_destroyed",
        "this day's salt is gone or not made yet: use one of your own");
}

}  // namespace

Result<Claim> Fleet::create_claim(const Caller& caller, const NewClaim& wanted) {
    if (wanted.asset_id) CHECK(needs_.assets.find_asset(caller, *wanted.asset_id));
    const auto now = needs_.clock.now();
    const auto chance = crypto::to_base32(crypto::random_bytes(kChanceBytes), kChanceCharacters);
    const ClaimRow row{
        .id = ClaimId::fresh(now),
        .name = wanted.name,
        .asset_id = wanted.asset_id,
        .expires_at = now + config_.claim_lives,
        .device_id = std::nullopt,
        .key_sha256 = std::nullopt,
    };
    auto tx = needs_.pool.begin(caller.company);
    insert(tx, row, crypto::sha256_hex(chance));
    audit::append(
        tx, now,
        {.action = "fleet.claim_created",
         .actor = audit::actor_of(caller),
         .targets = {{"claim", row.id.str(), row.name}},
         .after = boost::json::object{
             {"name", row.name},
             {"asset_id", row.asset_id ? boost::json::value(row.asset_id->str()) : nullptr},
             {"expires_at", to_iso8601(row.expires_at)}}});
    tx.commit();
    const auto code = written_code(chance, needs_.authority.pin());
    return Claim{
        .id = row.id,
        .code = code,
        .name = row.name,
        .asset_id = row.asset_id,
        .expires_at = row.expires_at,
        .command = "mobilytics-sensor enroll --server " + config_.public_url + " --claim " + code,
    };
}

Result<Fleet::Joined> Fleet::take_claim(
    const CodeOwner& owner, const std::string& key, const std::string& csr_pem) {
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(owner.company);
    auto claim = select_claim(tx, owner.claim);
    VERIFY(claim);
    CHECK(may_take(*claim, key, now));
    const auto id = claim->device_id.value_or(DeviceId::fresh(now));
    const auto before = select_device(tx, id);
    if (before && before->state == DeviceState::revoked) {
        return fail(ErrorKind::conflict, "device_revoked", "this sensor has been revoked");
    }
    TRY(auto certificate,
        needs_.authority.sign(
            csr_pem, {.common_name = id.uuid(), .organization = owner.company.uuid(), .hosts = {}},
            now, config_.certificate_lives));
    TRY(const auto info, crypto::read_certificate(certificate));
    upsert(
        tx,
        Device{
            .id = id,
            .name = claim->name,
            .state = DeviceState::active,
            .enrolled_at = before ? before->enrolled_at : now,
            .certificate_expires_at = info.not_after,
            .revoked_at = std::nullopt,
        },
        {key, info.serial});
    claim->device_id = id;
    claim->key_sha256 = key;
    update_taken(tx, *claim);
    events::publish(tx, DeviceChanged{owner.company, id, true, info.serial, now});
    audit::append(
        tx, now,
        {.action = "fleet.device_enrolled",
         .actor = {audit::ActorKind::device, id.str()},
         .targets = {{"device", id.str(), claim->name}, {"claim", owner.claim.str()}},
         .after = boost::json::object{
             {"certificate_serial", info.serial},
             {"certificate_expires_at", to_iso8601(info.not_after)}}});
    tx.commit();
    return Joined{id, claim->asset_id, std::move(certificate)};
}

Result<Enrolment> Fleet::enrol(const EnrolmentRequest& request) {
    const auto chance = chance_of(request.claim_code);
    if (chance.empty()) return unknown_claim();
    TRY(const auto key, crypto::key_digest_of_request(request.csr_pem));
    std::optional<CodeOwner> owner;
    {
        auto tx = needs_.pool.begin(CompanyId());  // Of no company yet.
        owner = select_code(tx, crypto::sha256_hex(chance));
    }
    if (!owner) return unknown_claim();
    const auto machine = machine_of(owner->company);
    TRY(const auto company, needs_.accounts.find_company(machine));
    TRY(auto joined, take_claim(*owner, key, request.csr_pem));

    // Its first place is where it has always been. A sensor that joins again, and was moved
    // meanwhile, stays where it is.
    if (joined.asset) {
        const auto put =
            needs_.assets.attach_device(machine, *joined.asset, {joined.device, Instant{}});
        if (!put && put.error().code != "attached_later") return tl::unexpected(put.error());
    }
    return Enrolment{
        .device_id = joined.device,
        .company_id = owner->company,
        .certificate_pem = std::move(joined.certificate_pem),
        .ca_pem = needs_.authority.certificate_pem(),
        .mqtt_url = config_.mqtt_url,
        .https_url = config_.https_url,
        .time_zone = company.time_zone,
        .salt_mode = std::string(word(company.privacy_mode)),
    };
}

std::optional<std::string> Fleet::name_of(CompanyId company, DeviceId id) {
    auto tx = needs_.pool.begin(company);
    const auto device = select_device(tx, id);
    if (!device) return std::nullopt;
    return device->name;
}

Result<DevicePage> Fleet::list_devices(const Caller& caller, const PageRequest& page) {
    TRY(const auto after, page.after<DeviceId>());
    auto tx = needs_.pool.begin(caller.company);
    return page_of(select_after(tx, after, page.limit + 1), page.limit);
}

Result<Device> Fleet::revoke_device(const Caller& caller, DeviceId id) {
    auto tx = needs_.pool.begin(caller.company);
    auto device = select_device(tx, id);
    if (!device) return fail(ErrorKind::not_found, "no_such_device", id.str());
    if (device->state == DeviceState::revoked) {
        return fail(ErrorKind::conflict, "device_revoked", "this sensor is revoked already");
    }
    const auto key = select_key(tx, id);
    VERIFY(key);
    device->state = DeviceState::revoked;
    device->revoked_at = needs_.clock.now();
    upsert(tx, *device, *key);
    events::publish(
        tx, DeviceChanged{caller.company, id, false, key->certificate_serial, *device->revoked_at});
    audit::append(
        tx, *device->revoked_at,
        {.action = "fleet.device_revoked",
         .actor = audit::actor_of(caller),
         .targets = {{"device", id.str(), device->name}},
         .before = boost::json::object{{"state", word(DeviceState::active)}},
         .after = boost::json::object{
             {"state", word(DeviceState::revoked)},
             {"certificate_serial", key->certificate_serial}}});
    tx.commit();
    return *std::move(device);
}

Result<> Fleet::check_device(CompanyId company, DeviceId id) {
    auto tx = needs_.pool.begin(company);
    const auto device = select_device(tx, id);
    if (!device) return fail(ErrorKind::not_found, "no_such_device", id.str());
    if (device->state == DeviceState::revoked) {
        return fail(ErrorKind::conflict, "device_revoked", "this sensor has been revoked");
    }
    return {};
}

std::vector<RevokedCertificate> Fleet::revoked_certificates(CompanyId company) {
    auto tx = needs_.pool.begin(company);
    return select_revoked(tx);
}

Result<DaySalt> Fleet::salt_for(CompanyId company, DeviceId device, std::string_view day_text) {
    TRY(const auto day, LocalDay::parse(day_text));
    TRY(const auto profile, needs_.accounts.find_company(machine_of(company)));
    if (profile.privacy_mode == accounts::PrivacyMode::strict) {
        return fail(
            ErrorKind::forbidden, "strict_mode",
            "no salt leaves this company: use one of your own");
    }
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(company);
    const auto known = select_device(tx, device);
    if (!known || known->state != DeviceState::active) {
        return fail(ErrorKind::not_found, "no_such_device", device.str());
    }
    auto row = select_salt(tx, day.str());
    if (!row) {
        if (!has_salt(day, local_day(now, profile.time_zone))) return destroyed();
        const Secret salt(crypto::to_hex(crypto::random_bytes(kSaltBytes)));
        row = insert_or_select(
            tx, {
                    .day = day.str(),
                    .epoch = crypto::to_hex(crypto::random_bytes(kEpochBytes)),
                    .sealed = needs_.seal.seal(salt, about_salt(company, day.str())),
                    .expires_at = start_of(day.plus(std::chrono::days(1)), profile.time_zone) +
                                  config_.salt_outlives_day,
                });
        audit::append(
            tx, now,
            {.action = "fleet.salt_made",
             .actor = {audit::ActorKind::device, device.str()},
             .after = boost::json::object{{"day", day.str()}, {"epoch", row->epoch}}});
    }
    tx.commit();
    if (!row->sealed || now >= row->expires_at) return destroyed();
    auto salt = needs_.seal.open(*row->sealed, about_salt(company, day.str()));
    if (!salt) throw std::runtime_error("a salt was sealed with another key than pki/salt.key");
    return DaySalt{row->epoch, *std::move(salt), day, row->expires_at};
}

Result<PrivacyInForce> Fleet::privacy_in_force(CompanyId company, DeviceId device) {
    TRY(const auto profile, needs_.accounts.find_company(machine_of(company)));
    auto tx = needs_.pool.begin(company);
    const auto known = select_device(tx, device);
    if (!known || known->state != DeviceState::active) {
        return fail(ErrorKind::not_found, "no_such_device", device.str());
    }
    PrivacyInForce out{.mode = std::string(word(profile.privacy_mode)), .epochs = {}};
    if (profile.privacy_mode == accounts::PrivacyMode::standard) {
        out.epochs = epochs_in_force(tx, needs_.clock.now());
    }
    return out;
}

std::int64_t Fleet::destroy_salts(CompanyId company) {
    const auto profile = needs_.accounts.find_company(machine_of(company));
    const bool strict = profile && profile->privacy_mode == accounts::PrivacyMode::strict;
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(company);
    auto destroyed = fleet::destroy_salts(tx, now);
    // One may have been made while the mode turned: a round later it is gone as well.
    if (strict) {
        const SaltsRevoked told{company, revoke_salts(tx, now), now};
        if (!told.epochs.empty()) events::publish(tx, told);
        destroyed += std::ssize(told.epochs);
    }
    if (destroyed > 0) {
        audit::append(
            tx, now,
            {.action = strict ? "fleet.salts_revoked" : "fleet.salts_destroyed",
             .actor = {audit::ActorKind::system, "housekeeping"},
             .after = boost::json::object{{"count", destroyed}}});
    }
    tx.commit();
    return destroyed;
}

boost::json::value SaltsRevoked::to_json() const {
    boost::json::array all;
    for (const auto& epoch : epochs) all.emplace_back(epoch);
    return {
        {"company", company.str()},
        {"epochs", std::move(all)},
        {"revoked_at", to_iso8601(revoked_at)}};
}

SaltsRevoked SaltsRevoked::from_json(const boost::json::value& json) {
    const auto company = CompanyId::parse(json.at("company").as_string());
    const auto revoked_at = parse_iso8601(json.at("revoked_at").as_string());
    VERIFY(company && revoked_at);
    SaltsRevoked out{*company, {}, *revoked_at};
    for (const auto& epoch : json.at("epochs").as_array()) {
        out.epochs.emplace_back(epoch.as_string());
    }
    return out;
}

boost::json::value DeviceChanged::to_json() const {
    return {
        {"company", company.str()},
        {"device", device.str()},
        {"accepted", accepted},
        {"certificate_serial", certificate_serial},
        {"changed_at", to_iso8601(changed_at)}};
}

DeviceChanged DeviceChanged::from_json(const boost::json::value& json) {
    const auto company = CompanyId::parse(json.at("company").as_string());
    const auto device = DeviceId::parse(json.at("device").as_string());
    const auto changed_at = parse_iso8601(json.at("changed_at").as_string());
    VERIFY(company && device && changed_at);
    return {
        *company, *device, json.at("accepted").as_bool(),
        std::string(json.at("certificate_serial").as_string()), *changed_at};
}

}  // namespace mobilytics::fleet
