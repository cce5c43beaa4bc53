#pragma once
// Makes facts of accepted reports: a pure function of the reports and of the dimensions, however
// they were batched, in whatever order they came.

#include "pipeline/measure/fact_port.h"     // IWYU pragma: export
#include "pipeline/measure/facts.h"         // IWYU pragma: export
#include "pipeline/measure/reach_sketch.h"  // IWYU pragma: export
