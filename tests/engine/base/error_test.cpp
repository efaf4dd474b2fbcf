// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

#include <gtest/gtest.h>

using namespace tiphys;

TEST(Error, ShowsTheOutermostContextFirst)
{
    const Error inner(ErrorCode::InvalidInput, "line 3: mapping values are not allowed");
    const Error outer = inner.in("file 'a.yaml'").in("application 'shop'");
    EXPECT_EQ(outer.text(), "application 'shop': file 'a.yaml': line 3: mapping values are not allowed");
    EXPECT_EQ(outer.code(), ErrorCode::InvalidInput);
    EXPECT_EQ(inner.text(), "line 3: mapping values are not allowed");
}
