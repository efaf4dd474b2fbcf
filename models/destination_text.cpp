// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/destination_text.h"

#include "models/text.h"

namespace tiphys::models {

namespace {

/// The cluster that an Application is in, by name and by address.
constexpr std::string_view kInCluster = "in-cluster";
constexpr std::string_view kInClusterServer = "https://kubernetes.default.svc";

} // namespace

QString destinationText(std::string_view destination)
{
    return text(destination == kInClusterServer ? kInCluster : destination);
}

} // namespace tiphys::models
