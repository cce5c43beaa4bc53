#pragma once
// As precompiled_module.h, for tests.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "precompiled_module.h"
