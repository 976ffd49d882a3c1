<?php
// A page as WordPress serves it, for PHP's own server: the few functions that the plugin uses, and what they do.

define( 'ABSPATH', __DIR__ . '/' );

$hooks = array();
$shortcodes = array();
$modules = array();
$styles = array();
$blocks = array();
$inline = '';

function add_action( $name, $callback ) {
	$GLOBALS['hooks'][ $name ][] = $callback;
}
function add_filter( $name, $callback ) {
	add_action( $name, $callback );
}
function do_action( $name, ...$arguments ) {
	foreach ( $GLOBALS['hooks'][ $name ] ?? array() as $callback ) {
		$callback( ...$arguments );
	}
}
function apply_filters( $name, $value ) {
	foreach ( $GLOBALS['hooks'][ $name ] ?? array() as $callback ) {
		$value = $callback( $value );
	}
	return $value;
}
function add_shortcode( $name, $callback ) {
	$GLOBALS['shortcodes'][ $name ] = $callback;
}
function register_block_type( $name, $settings ) {
	$GLOBALS['blocks'][ $name ] = $settings;
}
function wp_register_script() {}
function wp_add_inline_script( $handle, $script ) {
	$GLOBALS['inline'] = $script;
}
function get_option( $name, $default = false ) {
	return json_decode( $_GET['settings'] ?? 'null', true ) ?? $default;
}
function get_locale() {
	return $_GET['locale'] ?? 'en_US';
}
function current_user_can() {
	return isset( $_GET['editor'] );
}
function plugins_url( $path ) {
	return '/wp-content/plugins/' . $path;
}
function esc_attr( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES, 'UTF-8', false );
}
function esc_html( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES, 'UTF-8', false );
}
/** WordPress allows only known protocols. */
function esc_url( $url ) {
	$is_allowed = preg_match( '~^(https?://|/)~i', $url );
	return $is_allowed ? str_replace( array( '&', "'" ), array( '&#038;', '&#039;' ), preg_replace( '~[^a-z0-9\-\~+_.?#=!&;,/:%@$|*\'()\[\]]~i', '', $url ) ) : '';
}
function esc_url_raw( $url ) {
	return $url;
}
function wp_strip_all_tags( $text ) {
	return trim( strip_tags( $text ) );
}
function wp_json_encode( $value, $options = 0 ) {
	return json_encode( $value, $options );
}
if ( ! isset( $_GET['old'] ) ) {
	function wp_enqueue_script_module( $id, $src ) {
		$GLOBALS['modules'][ $id ] = $src;
	}
}

function wp_enqueue_style( $id, $src ) {
	$GLOBALS['styles'][ $id ] = $src;
}

/** The part of WordPress's parser that the tests need: attributes in double quotes, and flags. */
function do_shortcode( $text ) {
	return preg_replace_callback(
		'~\[(\w+)([^\]]*)\](?:(.*?)\[/\1\])?~s',
		static function ( $found ) {
			preg_match_all( '~(\w+)="([^"]*)"|(\w+)~', $found[2], $parts, PREG_SET_ORDER );
			$attributes = array();
			foreach ( $parts as $part ) {
				if ( isset( $part[3] ) ) {
					$attributes[] = $part[3];
				} else {
					$attributes[ $part[1] ] = $part[2];
				}
			}
			return $GLOBALS['shortcodes'][ $found[1] ]( $attributes ? $attributes : '', $found[3] ?? '' );
		},
		$text
	);
}

require getenv( 'PLUGIN' );
do_action( 'init' );

if ( isset( $_GET['block'] ) ) {
	$body = $blocks['icloud-ready/lead-form']['render_callback']( json_decode( $_GET['block'], true ) );
} elseif ( isset( $_GET['elementor'] ) ) {
	require __DIR__ . '/elementor.php';
	$body = elementor_page( json_decode( $_GET['elementor'], true ) );
} elseif ( isset( $_GET['editor-script'] ) ) {
	header( 'content-type: text/javascript' );
	exit( $inline );
} else {
	$body = do_shortcode( $_GET['content'] ?? '' );
}
header( 'content-type: text/html; charset=utf-8' );
echo '<!doctype html><html><head><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,"></head><body>' . $body;
foreach ( $styles as $src ) {
	echo '<link rel="stylesheet" href="' . esc_url( $src ) . '">';
}
foreach ( $modules as $src ) {
	echo '<script type="module" src="' . esc_url( $src ) . '"></script>';
}
do_action( 'wp_footer' );
echo '</body></html>';
