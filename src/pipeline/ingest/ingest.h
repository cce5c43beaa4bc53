#pragma once
// Receives what sensors send, loses nothing of it, and answers after the commit.

#include "pipeline/ingest/accepted_reports.h"  // IWYU pragma: export
