// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <string>

#if !defined(_WIN32)
#include <unistd.h>
#endif

namespace tiphys::cli {

/// True if a person can be asked: standard input and standard error are a terminal.
inline bool isTerminal()
{
#if defined(_WIN32)
    return false;
#else
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
#endif
}

/// Asks \p question on the terminal; true for "y" or "yes".
inline bool isAnsweredYes(const std::string &question)
{
    std::fputs((question + " [y/N] ").c_str(), stderr);
    std::string answer;
    for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar())
        answer += static_cast<char>(c);
    return answer == "y" || answer == "Y" || answer == "yes";
}

} // namespace tiphys::cli
