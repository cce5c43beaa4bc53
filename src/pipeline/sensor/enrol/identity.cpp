#include "pipeline/sensor/enrol/identity.h"

#include <charconv>

#include "foundation/json.h"
#include "foundation/zone.h"
#include "platform/crypto/files.h"

namespace mobilytics::sensor {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kName = "identity.json";

tl::unexpected<Error> damaged() {
    return fail(
        ErrorKind::invalid, "bad_identity",
        "identity.json in the state folder is damaged: enroll again with a new claim code");
}

}  // namespace

CredentialFiles credential_files(const fs::path& state_folder) {
    return {
        state_folder / "authority.pem", state_folder / "device.pem", state_folder / "device.key"};
}

Result<std::optional<Identity>> load_identity(const fs::path& state_folder) {
    const auto text = crypto::read_file(state_folder / kName);
    if (!text) return std::optional<Identity>();
    boost::system::error_code error;
    const auto parsed = boost::json::parse(*text, error);
    if (error) return damaged();
    json::Reader reader(parsed);
    std::string device, company;
    Identity out;
    reader.required(device, "device_id");
    reader.required(company, "company_id");
    reader.required(out.mqtt_url, "mqtt_url");
    reader.required(out.https_url, "https_url");
    reader.required(out.time_zone, "time_zone");
    reader.required(out.salt_mode, "salt_mode");
    if (!reader.finish() || !zone_exists(out.time_zone)) return damaged();
    const auto device_id = DeviceId::from_uuid(device);
    const auto company_id = CompanyId::from_uuid(company);
    if (!device_id || !company_id) return damaged();
    out.device = *device_id;
    out.company = *company_id;
    return out;
}

void save_identity(const fs::path& state_folder, const Identity& identity) {
    const boost::json::value content{
        {"device_id", identity.device.uuid()}, {"company_id", identity.company.uuid()},
        {"mqtt_url", identity.mqtt_url},       {"https_url", identity.https_url},
        {"time_zone", identity.time_zone},     {"salt_mode", word(identity.salt_mode)}};
    crypto::write_file(
        state_folder / kName, boost::json::serialize(content) + "\n", crypto::Readable::by_all);
}

Result<Endpoint> parse_endpoint(
    std::string_view url, std::string_view scheme, std::uint16_t default_port) {
    const auto bad = fail(ErrorKind::invalid, "bad_url", std::string(url));
    const auto prefix = std::string(scheme) + "://";
    if (!url.starts_with(prefix)) return bad;
    url.remove_prefix(prefix.size());
    if (url.ends_with('/')) url.remove_suffix(1);
    Endpoint out{.host = {}, .port = default_port};
    const auto bracket = url.starts_with('[') ? url.find(']') : 0;
    const auto colon = url.find(':', bracket == url.npos ? 0 : bracket);
    out.host = url.substr(0, colon);
    if (url.starts_with('[')) out.host = url.substr(1, bracket == url.npos ? 0 : bracket - 1);
    if (colon != url.npos) {
        const auto digits = url.substr(colon + 1);
        const auto* end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, out.port);
        if (read.ec != std::errc() || read.ptr != end) return bad;
    }
    if (out.host.empty() || out.port == 0 || out.host.find('/') != std::string::npos) return bad;
    return out;
}

}  // namespace mobilytics::sensor
