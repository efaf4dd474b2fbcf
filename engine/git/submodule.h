// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/file_tree.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::git {

/// Another repository that stands in a folder of this one.
struct Submodule
{
    std::string name;   ///< as `.gitmodules` calls it
    std::string path;   ///< folder, from the root
    std::string url;    ///< as written; may be relative to the URL of the parent
    std::string commit; ///< 40 hex digits that the parent's tree records; "" where that is not known

    bool operator==(const Submodule &) const = default;
};

/// Gives the files of a submodule at its recorded commit; NotFound or Unsupported where it has not been fetched.
using SubmoduleTrees = std::function<Expected<std::shared_ptr<const render::FileTree>>(const Submodule &)>;

/// Submodules that the text of a `.gitmodules` file declares, without commits; entries without path are left out.
std::vector<Submodule> submodulesIn(std::string_view gitmodules);

/// URL of a submodule of the repository at \p parentUrl: "./x" and "../x" are taken from there, others as they are.
std::string submoduleUrl(std::string_view parentUrl, std::string_view url);

} // namespace tiphys::git
