#include "pipeline/report/metrics/registry.h"

#include <algorithm>
#include <array>

#include "pipeline/report/metrics/definition_lists.h"

namespace mobilytics::report::metrics {

namespace {

constexpr std::array kFactors{
    FactorDefinition{
        FactorId::calibration, "Calibration",
        "People for each device, fitted to people counted by hand; it has a date, a number of "
        "counts and an interval.",
        "k = people counted / devices estimated",
        "BlueZoo (bluefox.io/technology/calibration): calibration against people counted."},
    FactorDefinition{
        FactorId::size, "Size",
        "How large the face looks from where it is seen: whole from a least apparent size on, "
        "below "
        "it in proportion.",
        "a = 2 atan(shorter side / (2 distance)); min(1, a / 1 degree)",
        "MRC OOH Phase 2 (draft, 2025) asks for a minimum apparent size; the degree is our own "
        "choice."},
    FactorDefinition{
        FactorId::angle, "Angle",
        "A face seen from the side looks narrower; from behind it is not seen.",
        "max(0.25, cos(angle)) below 90 degrees, else 0",
        "Foreshortening; a floor above nothing after US patent 10 469 981, its height our own "
        "choice."},
    FactorDefinition{
        FactorId::distance, "Distance",
        "Whole as far as its letters can be read, beyond that in proportion.",
        "min(1, 300 letter height / distance)",
        "Legibility of signs, Pennsylvania Transportation Institute and United States Sign Council "
        "(1998): 25 feet for an inch of letter height, the less favourable of its two tables."},
    FactorDefinition{
        FactorId::speed, "Speed", "Who passes fast sees less.",
        "1 up to 14 m/s, falling in a line to 0.25 at 36 m/s, 0.25 beyond",
        "The form of US patent 10 469 981; the numbers (50 and 130 km/h) are our own choice."},
    FactorDefinition{
        FactorId::obstruction, "Obstruction",
        "The part of the way along which nothing stands before the face.", "clear way / whole way",
        "MRC OOH Phase 2 (draft, 2025)."},
    FactorDefinition{
        FactorId::illumination, "Illumination", "A face that is not lit is not seen in the dark.",
        "daylight share + (1 - daylight share) x (1 when lit, else 0)",
        "TAB truckside (1999): no night credit unless lit; MRC OOH Phase 2 (draft, 2025)."},
    FactorDefinition{
        FactorId::direction, "Direction",
        "Oncoming traffic sees a moving face for a part of its passing.",
        "0.85 for oncoming traffic, 1 for the same direction and on foot",
        "TAB truckside (1999): oncoming visible 85 % of the time."},
};

}  // namespace

std::span<const Definition> definitions() {
    static const auto kAll = [] {
        std::vector<Definition> all;
        for (const auto list : {heard_definitions(), audience_definitions(), media_definitions()}) {
            all.insert(all.end(), list.begin(), list.end());
        }
        return all;
    }();
    return kAll;
}

std::span<const FactorDefinition> factor_definitions() { return kFactors; }

const Definition& definition(MetricId id) {
    const auto all = definitions();
    const auto found = std::ranges::find(all, id, &Definition::id);
    VERIFY(found != all.end());
    return *found;
}

const FactorDefinition& definition(FactorId id) {
    const auto* const found = std::ranges::find(kFactors, id, &FactorDefinition::id);
    VERIFY(found != kFactors.end());
    return *found;
}

std::vector<FactorId> factors_of(const Definition& metric) {
    std::vector<FactorId> out;
    auto left = metric.factors;
    while (!left.empty()) {
        const auto end = std::min(left.find(' '), left.size());
        const auto factor = from_word<FactorId>(left.substr(0, end));
        VERIFY(factor.has_value());
        out.push_back(*factor);
        left.remove_prefix(std::min(end + 1, left.size()));
    }
    return out;
}

}  // namespace mobilytics::report::metrics
