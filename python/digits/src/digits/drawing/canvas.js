// Called again at every run of the page, also while a line is being drawn. So nothing is kept here: the canvas knows
// what is drawn and where the line is, and the browser which pointer draws.
export default function ({ parentElement, setStateValue }) {
  const canvas = parentElement.querySelector("canvas");
  const context = canvas.getContext("2d");

  const point = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [
      ((event.clientX - frame.left) * canvas.width) / frame.width,
      ((event.clientY - frame.top) * canvas.height) / frame.height,
    ];
  };
  const draw = (event) => {
    context.lineTo(...point(event));
    context.stroke();
  };
  const send = () => setStateValue("picture", canvas.toDataURL("image/png"));

  canvas.onpointerdown = (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    context.lineWidth = 18;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(...point(event));
    draw(event);
  };
  canvas.onpointermove = (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) draw(event);
  };
  // After pointerup and pointercancel alike.
  canvas.onlostpointercapture = send;

  parentElement.querySelector("button").onclick = () => {
    context.clearRect(0, 0, canvas.width, canvas.height);
    send();
  };
}
