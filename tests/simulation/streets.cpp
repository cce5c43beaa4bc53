#include "simulation/streets.h"

#include <algorithm>
#include <map>
#include <numbers>

namespace mobilytics::simulation {

Position position_of(Point point) {
    constexpr double kLatitude = 41.8820;  // Of State and Madison.
    constexpr double kLongitude = -87.6278;
    constexpr double kMetresPerDegree = 111'195.0;
    const double across = kMetresPerDegree * std::cos(kLatitude * std::numbers::pi / 180);
    return {kLatitude + point.y / kMetresPerDegree, kLongitude + point.x / across};
}

int last_column(int row) {
    if (row > 28) return -6;
    if (row > 14) return -4;
    if (row > 0) return 0;
    if (row > -20) return 2;
    return 8;
}

Route route_between(Corner from, Corner to, bool east_west_first) {
    // The southern arterial has the lake further away, so it is always on land.
    if (east_west_first) {
        const int row = arterial_before(to.row);
        const int column =
            std::min(arterial_before(from.column), last_column(std::max<int>(from.row, row)));
        const int along = arterial_before(column);
        return {from, corner(along, from.row), corner(along, row), corner(to.column, row), to};
    }
    const int row = arterial_before(from.row);
    const int column =
        std::min(arterial_before(to.column), last_column(std::max<int>(to.row, row)));
    const int along = arterial_before(column);
    return {from, corner(from.column, row), corner(along, row), corner(along, to.row), to};
}

std::string crossing_name(Corner at) {
    static const std::map<int, std::string> kColumns{
        {8, "Cottage Grove"}, {4, "King"},      {0, "State"},      {-8, "Halsted"},
        {-12, "Racine"},      {-16, "Ashland"}, {-20, "Damen"},    {-24, "Western"},
        {-28, "California"},  {-32, "Kedzie"},  {-40, "Pulaski"},  {-48, "Cicero"},
        {-56, "Central"},     {-60, "Austin"},  {-64, "Ridgeland"}};
    static const std::map<int, std::string> kRows{
        {40, "Irving Park"}, {36, "Addison"},  {32, "Belmont"}, {28, "Diversey"},
        {24, "Fullerton"},   {20, "Armitage"}, {16, "North"},   {12, "Division"},
        {8, "Chicago"},      {4, "Kinzie"},    {0, "Madison"},  {-8, "Roosevelt"},
        {-16, "Cermak"},     {-24, "31st"},    {-28, "35th"},   {-32, "Pershing"},
        {-36, "43rd"},       {-40, "47th"},    {-44, "51st"},   {-48, "Garfield"},
        {-52, "59th"}};
    const auto name = [](const std::map<int, std::string>& names, int street, const char* sides) {
        const auto found = names.find(street);
        if (found != names.end()) return found->second;
        return std::to_string(std::abs(street) * 100) + ' ' + sides[street < 0 ? 1 : 0];
    };
    return name(kColumns, at.column, "EW") + " & " + name(kRows, at.row, "NS");
}

}  // namespace mobilytics::simulation
