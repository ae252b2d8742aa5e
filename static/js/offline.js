// Says when there is no network; the service worker keeps cards and coupons readable.
const show = () => {
  const notice = document.getElementById("offline");
  if (notice) notice.hidden = navigator.onLine;
};
addEventListener("online", show);
addEventListener("offline", show);
show();
