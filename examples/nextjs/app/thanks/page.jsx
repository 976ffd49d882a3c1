export default function Thanks() {
  return <h1>Thank you. We will call you.</h1>;
}
