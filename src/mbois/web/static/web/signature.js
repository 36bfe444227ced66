// A box to sign in with a finger, a pen or a mouse; what was drawn travels as PNG.
export default function signature(box) {
  const pad = box.querySelector(".signature-pad");
  const canvas = pad.querySelector("canvas");
  const value = box.querySelector("input[type=hidden]");
  const pen = canvas.getContext("2d");
  let lines = [];
  pad.hidden = false;
  box.querySelector("details").open = false;

  function draw() {
    const scale = Math.min(2, window.devicePixelRatio || 1);
    const { clientWidth: width, clientHeight: height } = canvas;
    if (canvas.width !== width * scale) { canvas.width = width * scale; canvas.height = height * scale; }
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    Object.assign(pen, { lineWidth: 2.4, lineCap: "round", lineJoin: "round", strokeStyle: "#16233a", fillStyle: "#16233a" });
    for (const points of lines) {
      pen.beginPath();
      pen.moveTo(points[0][0] * width, points[0][1] * height);
      if (points.length === 1) { pen.arc(points[0][0] * width, points[0][1] * height, 1.6, 0, 7); pen.fill(); }
      for (const [x, y] of points.slice(1)) pen.lineTo(x * width, y * height);
      pen.stroke();
    }
  }
  function at(event) {
    const frame = canvas.getBoundingClientRect();
    return [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height];
  }
  function keep() {
    value.value = lines.length ? canvas.toDataURL("image/png") : "";
    value.dispatchEvent(new Event("input", { bubbles: true }));
  }
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    lines.push([at(event)]);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId) || !lines.length) return;
    for (const one of event.getCoalescedEvents?.() || [event]) lines[lines.length - 1].push(at(one));
    draw();
  });
  canvas.addEventListener("pointerup", keep);
  canvas.addEventListener("pointercancel", keep);
  pad.querySelector("[data-clear]").addEventListener("click", () => { lines = []; draw(); keep(); canvas.focus(); });
  new ResizeObserver(draw).observe(canvas);
}
