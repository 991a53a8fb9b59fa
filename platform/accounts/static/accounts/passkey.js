// allauth's webauthn.js does the work. This shows the passkey buttons where the browser knows passkeys, and puts a
// sentence on the page when the person or the browser gave up.
(function () {
  'use strict'

  document.addEventListener('DOMContentLoaded', function () {
    const supported = window.webauthnJSON && window.webauthnJSON.supported()
    document.querySelectorAll('[data-passkey]').forEach(function (part) { part.hidden = !supported })
    document.querySelectorAll('[data-no-passkey]').forEach(function (part) { part.hidden = supported })
  })

  document.addEventListener('allauth.error', function (event) {
    const sentence = document.querySelector('[data-passkey-error]')
    if (!sentence) return
    event.preventDefault()
    sentence.hidden = false
    sentence.focus()
  })
})()
