// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/comparison.h"
#include "service/ticket.h"

#include <functional>
#include <string>
#include <vector>

namespace tiphys::service {

/// A comparison, and what was not at hand for it.
struct ComparisonAnswer
{
    ComparisonPtr comparison;
    std::vector<std::string> missing; ///< what has to be fetched first: "chart redis 20.1 of https://…"; by text
};

/// What helm or kustomize of this machine makes of one source, against this program.
struct ToolVerdict
{
    enum class Kind { Agrees, Differs, NotAsked };

    std::string folder; ///< or the application
    std::string tool;   ///< "helm", "kustomize"; "" where none was asked
    Kind kind = Kind::NotAsked;
    int objects = 0;  ///< that this program renders
    std::string text; ///< where they differ first, or why it was not asked

    bool operator==(const ToolVerdict &) const = default;
};

/// Whether what is missing may be fetched.
enum class Fetching { No, WhenMissing };

/// What a comparison of two revisions can do beyond rendering what is at hand. One at a time: a new one ends the one before.
/// Functions return at once; see Service.
class ComparisonActs
{
public:
    virtual ~ComparisonActs() = default;

    /// \p progress is called in the thread of the caller with what is fetched now; it may be empty.
    /// Errors: Cancelled.
    virtual Ticket<ComparisonAnswer> compareWith(const CompareRequest &request, Fetching fetching,
                                                 std::function<void(const std::string &what)> progress) = 0;
    /// Renders the applications that differ with the tools of this machine too, each source at both revisions.
    virtual Ticket<std::vector<ToolVerdict>> verifyWithTools(const CompareRequest &request) = 0;
    /// Ends what is under way; its answer is Cancelled.
    virtual void cancelComparison() = 0;
};

} // namespace tiphys::service
