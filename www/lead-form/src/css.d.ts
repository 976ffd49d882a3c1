/** A style sheet's text: the bundler puts it into the script, since a CSP may forbid `<style>`. */
declare module "*.css" {
  const text: string;
  export default text;
}
