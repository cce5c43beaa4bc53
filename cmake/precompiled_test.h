#pragma once
// As precompiled_module.h, for tests.

#include "precompiled_module.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
