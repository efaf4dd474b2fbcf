// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/consents.h"

#include "store/private_file.h"

#include <fstream>
#include <system_error>

namespace tiphys::store {

namespace fs = std::filesystem;

namespace {

std::string lineOf(const std::string &digest, const std::string &place)
{
    return digest + "  " + place;
}

} // namespace

bool Consents::has(const std::string &digest, const std::string &place) const
{
    if (digest.empty() || place.contains('\n'))
        return false;
    std::ifstream in(m_file, std::ios::binary);
    const std::string wanted = lineOf(digest, place);
    for (std::string line; std::getline(in, line);) {
        if (line == wanted)
            return true;
    }
    return false;
}

Expected<void> Consents::add(const std::string &digest, const std::string &place) const
{
    std::error_code problem;
    fs::create_directories(m_file.parent_path(), problem);
    std::ofstream out(m_file, std::ios::binary | std::ios::app);
    out << lineOf(digest, place) + "\n";
    if (place.contains('\n') || !out.flush())
        return failure(ErrorCode::Denied, "cannot write " + m_file.string());
    fs::permissions(m_file, fs::perms::owner_read | fs::perms::owner_write, problem);
    return {};
}

Expected<void> Consents::remove(const std::string &digest, const std::string &place) const
{
    if (!has(digest, place))
        return {};
    std::ifstream in(m_file, std::ios::binary);
    const std::string removed = lineOf(digest, place);
    std::string rest;
    for (std::string line; std::getline(in, line);) {
        if (line != removed)
            rest += line + "\n";
    }
    in.close();
    return replacePrivateFile(m_file, rest);
}

} // namespace tiphys::store
