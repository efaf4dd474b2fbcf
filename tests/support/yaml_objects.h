// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

#include <string_view>

namespace tiphys::test {

/// The value that \p yaml describes; a text that cannot be read fails the test.
inline object::Value valueOf(std::string_view yaml)
{
    const Expected<object::Value> value = object::parseYaml(yaml);
    EXPECT_TRUE(value) << value.error().text() << " in " << yaml;
    return value.value_or(object::Value());
}

/// The object that \p yaml describes.
inline object::Object objectOf(std::string_view yaml)
{
    return object::Object(valueOf(yaml));
}

} // namespace tiphys::test
