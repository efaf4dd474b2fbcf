// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyleOptionViewItem>

class QAbstractItemModel;
class QEvent;
class QPainter;

namespace tiphys::ui {

/// What is left of a row that has been looked through.
inline constexpr double kReviewedOpacity = 0.55;

/// The platform's tick box in \p rect, as the check state of \p index says.
void paintTick(QPainter &painter, const QRect &rect, const QStyleOptionViewItem &option, const QModelIndex &index);
/// Turns the check state of \p index over for a click into \p rect and for the space bar; false for any other event.
bool turnTick(const QEvent &event, QAbstractItemModel &model, const QRect &rect, const QModelIndex &index);

} // namespace tiphys::ui
