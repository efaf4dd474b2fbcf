// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::fetch {

/// Downloads kept below a folder by their digest, and which digest a name last had. Damaged files count as absent.
/// Several processes may use one folder: files appear whole, one writer at a time.
class ArchiveStore
{
public:
    /// \p folder is made when something is stored; "" keeps nothing.
    explicit ArchiveStore(std::string folder) : m_folder(std::move(folder)) {}

    /// The bytes whose digest is \p digest ("sha256:…").
    std::optional<std::string> bytes(std::string_view digest) const;
    void keep(std::string_view digest, std::string_view bytes) const;

    /// The digest that was kept for \p name.
    std::optional<std::string> digestNamed(std::string_view name) const;
    void keepName(std::string_view name, std::string_view digest) const;

private:
    std::string pathOf(std::string_view digest) const;
    std::string pathOfName(std::string_view name) const;

    std::string m_folder;
};

} // namespace tiphys::fetch
