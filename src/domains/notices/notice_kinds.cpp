#include "domains/notices/notice_kinds.h"

#include <algorithm>
#include <array>

namespace mobilytics::notices {

namespace {

constexpr Roles kNobody;
constexpr Roles kEverybody = Roles::from(Role::viewer);
constexpr Roles kAdmins = Roles::from(Role::admin);
constexpr Roles kKeepers = kAdmins | Roles{Role::operator_};

constexpr std::array kKinds{
    Kind{
        "sensor_silent", "Sensors", "A sensor has fallen silent",
        "Nothing has come from it for an hour.", kEverybody, kKeepers},
    Kind{
        "sensor_joined", "Sensors", "A sensor has joined", "It was connected, and sends.",
        kEverybody, kNobody},  // Whoever connects a fleet would be told of each.
    Kind{
        "sensor_revoked", "Sensors", "A sensor was taken out",
        "It was revoked; nothing of it is taken any more.", kEverybody, kKeepers},
    Kind{
        "certificate_ends", "Sensors", "A sensor's certificate ends soon",
        "Within 30 days; after that it cannot send.", kEverybody, kKeepers},
    Kind{
        "calibration_drifts", "Calibration", "A calibration no longer fits",
        "People counted later are more or fewer than it says.", kEverybody,
        Roles{Role::owner, Role::admin}},
    Kind{
        "member_joined", "Company", "Somebody has joined the company",
        "They have accepted an invitation.", kAdmins, kAdmins},
    Kind{
        "webhook_disabled", "Company", "A webhook has stopped",
        "It failed for days, or answered that it is gone.", kAdmins, kAdmins},
    Kind{
        "export_ready", "Company", "An export is ready",
        "The file with what is kept of a person, which you have asked for.", kAdmins, kAdmins},
    Kind{
        "security", "Security", "Your password, factors or e-mail were changed",
        "You are always told.", Roles::all(), Roles::all(), false},
};

}  // namespace

std::span<const Kind> kinds() { return kKinds; }

const Kind* find_kind(std::string_view kind) {
    const auto found = std::ranges::find(kKinds, kind, &Kind::kind);
    return found == kKinds.end() ? nullptr : &*found;
}

}  // namespace mobilytics::notices
