// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/private_file.h"

#include <fstream>
#include <string>
#include <system_error>

namespace tiphys::store {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kUnfinished = ".new";

bool writeWhole(const fs::path &file, std::string_view text)
{
    std::error_code problem;
    fs::remove(file, problem);
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    if (!out)
        return false;
    // Before anything is in it.
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, problem);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    return !problem && out.flush();
}

} // namespace

Expected<void> replacePrivateFile(const fs::path &file, std::string_view text)
{
    std::error_code problem;
    if (fs::create_directories(file.parent_path(), problem))
        fs::permissions(file.parent_path(), fs::perms::owner_all, problem);
    fs::path unfinished = file;
    unfinished += kUnfinished;
    if (!writeWhole(unfinished, text)) {
        fs::remove(unfinished, problem);
        return failure(ErrorCode::Denied, "cannot write " + file.string());
    }
    fs::rename(unfinished, file, problem);
    if (problem)
        return failure(ErrorCode::Denied, "cannot write " + file.string() + ": " + problem.message());
    return {};
}

} // namespace tiphys::store
