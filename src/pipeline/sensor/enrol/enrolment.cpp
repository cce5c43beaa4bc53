#include "pipeline/sensor/enrol/enrolment.h"

#include "foundation/json.h"
#include "foundation/zone.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"
#include "platform/fetch/fetch.h"

namespace mobilytics::sensor {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kAnswerBytesMax = 64 << 10;
constexpr std::int64_t kTextMax = 16 << 10;

struct Granted {
    Identity identity;
    std::string certificate_pem, authority_pem;
};

tl::unexpected<Error> bad_answer(std::string why) {
    return fail(
        ErrorKind::unavailable, "bad_answer", "the server's answer is no enrolment: " + why);
}

/// The key made once and kept: whoever lost the answer asks again with the same one.
Secret<std::string> key_of(const fs::path& file) {
    if (auto kept = crypto::read_file(file)) return Secret<std::string>(*std::move(kept));
    auto made = crypto::make_key();
    crypto::write_file(file, made.reveal(), crypto::Readable::by_owner);
    return made;
}

/// What the server says of a refusal: an RFC 9457 problem.
tl::unexpected<Error> refusal(const fetch::Reply& reply) {
    boost::system::error_code error;
    const auto parsed = boost::json::parse(reply.body, error);
    const auto* problem = error ? nullptr : parsed.if_object();
    const auto text = [&](std::string_view name) {
        const auto* field = problem != nullptr ? problem->if_contains(name) : nullptr;
        return field != nullptr && field->is_string() ? std::string(field->get_string())
                                                      : std::string();
    };
    auto code = text("code");
    if (code.empty()) return bad_answer("status " + std::to_string(reply.status));
    auto kind = ErrorKind::unavailable;
    if (reply.status == 404) kind = ErrorKind::not_found;
    if (reply.status == 409) kind = ErrorKind::conflict;
    if (reply.status == 403) kind = ErrorKind::forbidden;
    if (reply.status == 400 || reply.status == 422) kind = ErrorKind::invalid;
    return fail(kind, std::move(code), text("detail"));
}

template <class AnyId>
Result<AnyId> read_id(const std::string& text) {
    auto id = AnyId::parse(text);
    return id ? id : AnyId::from_uuid(text);
}

Result<Granted> read_grant(const std::string& body) {
    boost::system::error_code error;
    const auto parsed = boost::json::parse(body, error);
    if (error) return bad_answer("not JSON");
    json::Reader reader(parsed);
    std::string device, company;
    Granted out;
    const json::Limits text{.min = 1, .max = kTextMax};
    reader.required(device, "device_id", text);
    reader.required(company, "company_id", text);
    reader.required(out.certificate_pem, "certificate_pem", text);
    reader.required(out.authority_pem, "ca_pem", text);
    reader.required(out.identity.mqtt_url, "mqtt_url", text);
    reader.required(out.identity.https_url, "https_url", text);
    reader.required(out.identity.time_zone, "time_zone", text);
    reader.required(out.identity.salt_mode, "salt_mode");
    // A newer server may say more.
    if (const auto read = reader.finish(); !read) {
        for (const auto& fault : read.error().faults) {
            if (fault.detail != "is not known here") {
                return bad_answer(fault.pointer + " " + fault.detail);
            }
        }
    }
    const auto device_id = read_id<DeviceId>(device);
    const auto company_id = read_id<CompanyId>(company);
    if (!device_id || !company_id) return bad_answer("ids");
    out.identity.device = *device_id;
    out.identity.company = *company_id;
    if (!zone_exists(out.identity.time_zone)) {
        return bad_answer("this machine does not know the zone " + out.identity.time_zone);
    }
    if (!parse_endpoint(out.identity.mqtt_url, "mqtts", 8883)) return bad_answer("mqtt_url");
    if (!parse_endpoint(out.identity.https_url, "https", 443)) return bad_answer("https_url");
    return out;
}

Result<> check(const Granted& granted, const ClaimCode& code) {
    if (!crypto::pin_fits(granted.authority_pem, code.pin)) {
        return fail(
            ErrorKind::forbidden, "authority_mismatch",
            "the server handed over another certificate authority than the claim code names: "
            "somebody may be in between, or the code is of another server");
    }
    const auto certificate = crypto::read_certificate(granted.certificate_pem);
    if (!certificate) return bad_answer("certificate_pem");
    if (certificate->common_name != granted.identity.device.uuid()) {
        return bad_answer("the certificate is another sensor's");
    }
    return {};
}

}  // namespace

Result<Identity> enrol(const EnrolmentRequest& request) {
    TRY(const auto code, parse_claim_code(request.claim_code));
    const bool http = request.server_url.starts_with("http://");
    if (!http && !request.server_url.starts_with("https://")) {
        return fail(
            ErrorKind::invalid, "bad_url", "the server's address begins with http:// or https://");
    }
    fs::create_directories(request.state_folder);
    const auto files = credential_files(request.state_folder);
    const auto key = key_of(files.key);

    auto url = request.server_url;
    while (url.ends_with('/')) url.pop_back();
    fetch::Request question{.method = "POST", .url = url + "/device/v1/enrolment"};
    question.headers.emplace_back("Content-Type", "application/json");
    question.body = boost::json::serialize(boost::json::value{
        {"claim_code", code.text}, {"csr_pem", crypto::make_request(key, "sensor")}});
    fetch::Client client({}, {.body_bytes_max = kAnswerBytesMax});
    TRY(const auto reply, client.send(question));
    if (reply.status != 201) return refusal(reply);
    TRY(const auto granted, read_grant(reply.body));
    CHECK(check(granted, code));

    crypto::write_file(files.authority, granted.authority_pem, crypto::Readable::by_all);
    crypto::write_file(files.certificate, granted.certificate_pem, crypto::Readable::by_all);
    save_identity(request.state_folder, granted.identity);
    return granted.identity;
}

}  // namespace mobilytics::sensor
