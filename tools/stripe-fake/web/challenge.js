// In a dialog of the browser library: tells it that the cardholder has answered.
'use strict';
parent.postMessage({event: 'challenge_answered', challenge: document.currentScript.dataset.challenge}, '*');
