// How this domain's events are written in the outbox.

#include "domains/assets/assets.h"

namespace mobilytics::assets {

namespace {

std::string text(const boost::json::value& json, const char* name) {
    return std::string(json.at(name).as_string());
}

/// What we wrote ourselves reads back.
template <class Read>
auto verified(Read read) {
    VERIFY(read);
    return *std::move(read);
}

std::optional<double> number(const boost::json::value& json, const char* name) {
    const auto* found = json.as_object().if_contains(name);
    return found == nullptr ? std::nullopt : std::optional(found->to_number<double>());
}

}  // namespace

boost::json::value AssetChanged::to_json() const {
    boost::json::object out{
        {"company", company.str()}, {"asset", asset.str()}, {"code", code},          {"name", name},
        {"kind", word(kind)},       {"state", word(state)}, {"time_zone", time_zone}};
    if (latitude) out["latitude"] = *latitude;
    if (longitude) out["longitude"] = *longitude;
    return out;
}

AssetChanged AssetChanged::from_json(const boost::json::value& json) {
    return {
        .company = verified(CompanyId::parse(text(json, "company"))),
        .asset = verified(AssetId::parse(text(json, "asset"))),
        .code = text(json, "code"),
        .name = text(json, "name"),
        .kind = verified(from_word<AssetKind>(text(json, "kind"))),
        .state = verified(from_word<AssetState>(text(json, "state"))),
        .latitude = number(json, "latitude"),
        .longitude = number(json, "longitude"),
        .time_zone = text(json, "time_zone"),
    };
}

boost::json::value AttachmentsChanged::to_json() const {
    boost::json::array list;
    for (const auto& attachment : attachments) {
        boost::json::object one{
            {"id", attachment.id.str()},
            {"asset", attachment.asset_id.str()},
            {"from", to_iso8601(attachment.from)}};
        if (attachment.to) one["to"] = to_iso8601(*attachment.to);
        list.push_back(std::move(one));
    }
    return boost::json::object{
        {"company", company.str()}, {"device", device.str()}, {"attachments", std::move(list)}};
}

boost::json::value FaceChanged::to_json() const {
    return boost::json::object{{"company", company.str()}, {"face", face.str()}};
}

FaceChanged FaceChanged::from_json(const boost::json::value& json) {
    return {
        .company = verified(CompanyId::parse(text(json, "company"))),
        .face = verified(FaceId::parse(text(json, "face")))};
}

AttachmentsChanged AttachmentsChanged::from_json(const boost::json::value& json) {
    AttachmentsChanged out{
        .company = verified(CompanyId::parse(text(json, "company"))),
        .device = verified(DeviceId::parse(text(json, "device"))),
        .attachments = {},
    };
    for (const auto& one : json.at("attachments").as_array()) {
        out.attachments.push_back({
            .id = verified(AttachmentId::parse(text(one, "id"))),
            .asset_id = verified(AssetId::parse(text(one, "asset"))),
            .device_id = out.device,
            .from = verified(parse_iso8601(text(one, "from"))),
            .to = one.as_object().contains("to")
                      ? std::optional(verified(parse_iso8601(text(one, "to"))))
                      : std::nullopt,
        });
    }
    return out;
}

}  // namespace mobilytics::assets
