// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/source_parameters.h"
#include "ui/dialogs/writing_dialog.h"

class QPushButton;
class QStackedWidget;
class QTabBar;

namespace tiphys::ui {

class Banner;
class DiffPane;
class DiffView;
class Settings;
class TextLabel;
class TypedConfirmation;

/// Changed parameters before they are saved: what is stored then, what is rendered differently, and who may undo it.
class ParametersDialog final : public WritingDialog
{
    Q_OBJECT

public:
    ParametersDialog(service::Service &service, service::SourceParameters &parameters, Settings &settings,
                     QWidget *parent = nullptr);

    /// What would be saved; set anew when the source was changed by somebody else.
    void setRequest(const service::SourceEditRequest &request);
    const service::SourceEditRequest &request() const { return m_request; }

    QPushButton *saveButton() const { return m_save; }
    TypedConfirmation *confirmation() const { return m_confirmation; }
    DiffView *storedView() const { return m_stored; }
    DiffPane *renderedPane() const { return m_rendered; }
    QTabBar *tabs() const { return m_tabs; }
    QString problem() const;
    /// What was copied last, in words.
    QString notice() const;
    bool hasPreview() const { return m_hasPreview; }

Q_SIGNALS:
    /// The preview, or why there is none, is shown.
    void previewShown();
    /// The source is no longer as it was seen; nothing was written.
    void isStale();
    /// It was written; one sentence for the person.
    void saved(const QString &text);

private:
    void build();
    void showPreview(const service::SourcePreview &preview);
    void showFailure(const Error &error);
    void updateButton();
    void save();

    service::Service &m_service;
    service::SourceParameters &m_parameters;
    service::SourceEditRequest m_request;
    service::SourcePreview m_preview;
    bool m_hasPreview = false;
    bool m_isRepeated = false; ///< the source changed: this preview is a second one
    int m_asked = 0;

    TextLabel *m_title;
    Banner *m_banner;
    TextLabel *m_summary;
    QTabBar *m_tabs;
    QStackedWidget *m_panes;
    DiffView *m_stored;
    DiffPane *m_rendered;
    TypedConfirmation *m_confirmation;
    TextLabel *m_notice; ///< what was copied
    QPushButton *m_save;
};

} // namespace tiphys::ui
