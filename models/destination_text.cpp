// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/destination_text.h"

#include "models/text.h"

namespace tiphys::models {

QString destinationText(std::string_view destination)
{
    return text(destination == kInClusterServer ? kInCluster : destination);
}

} // namespace tiphys::models
