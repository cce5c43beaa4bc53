#pragma once
// Lists that are sorted by what their reader says, as all of ours: see platform/pg/sorting.h.

#include "platform/pg/sorting.h"

namespace mobilytics::accounts {

using pg::cursor_of;
using pg::sorted_page;
using pg::Sorting;
using pg::sorting_of;

}  // namespace mobilytics::accounts
