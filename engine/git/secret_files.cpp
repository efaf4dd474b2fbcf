// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/secret_files.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace tiphys::git {

namespace fs = std::filesystem;

SecretFiles::~SecretFiles()
{
    std::error_code ignored;
    if (!m_folder.empty())
        fs::remove_all(m_folder, ignored);
}

Expected<std::string> SecretFiles::add(const std::string &name, std::string text)
{
    if (!text.ends_with('\n'))
        text += '\n';
    return addExactly(name, text);
}

Expected<std::string> SecretFiles::addExactly(const std::string &name, std::string_view text)
{
    if (m_folder.empty()) {
        std::string folder = (fs::temp_directory_path() / "tiphys-XXXXXX").string();
        if (!mkdtemp(folder.data()))
            return failure(ErrorCode::Unavailable, "cannot make a private folder for keys");
        m_folder = folder;
    }
    const fs::path place = fs::path(m_folder) / name;
    std::ofstream file(place, std::ios::binary);
    std::error_code fault;
    fs::permissions(place, fs::perms::owner_read | fs::perms::owner_write, fault);
    file << text;
    file.close();
    if (!file || fault)
        return failure(ErrorCode::Unavailable, "cannot write a private file for keys");
    return place.string();
}

} // namespace tiphys::git
