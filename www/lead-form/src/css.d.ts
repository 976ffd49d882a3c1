/** The text of a style sheet: the bundler includes it in the script, because a CSP may block `<style>`. */
declare module "*.css" {
  const text: string;
  export default text;
}
