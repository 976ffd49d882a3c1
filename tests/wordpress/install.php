<?php
// Installs WordPress into an empty database and publishes a page with the plugin's shortcode and block; prints its path.

define( 'WP_INSTALLING', true );
$_SERVER['HTTP_HOST'] = parse_url( getenv( 'WP_URL' ), PHP_URL_HOST ) . ':' . parse_url( getenv( 'WP_URL' ), PHP_URL_PORT );
require getenv( 'WP_FOLDER' ) . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

wp_install( 'Agency', 'admin', 'admin@example.com', false, '', 'demo-password' );
switch_theme( 'plain' );
$error = activate_plugin( 'icloud-ready-lead-form/icloud-ready-lead-form.php' );
if ( is_wp_error( $error ) ) {
	fwrite( STDERR, $error->get_error_message() . "\n" );
	exit( 1 );
}
update_option( 'icloud_ready_lead_form', array( 'endpoint' => getenv( 'ENDPOINT' ), 'country' => 'EG' ) );
$schema = '{ "fields": ["firstName", "phone", { "name": "unitId", "type": "hidden", "value": "A-12" }] }';
$id     = wp_insert_post(
	wp_slash(
		array(
			'post_type'    => 'page',
			'post_status'  => 'publish',
			'post_title'   => 'Contact',
			'post_content' => "<!-- wp:shortcode -->\n[icloud_ready_lead_form id=\"first\" campaign_name=\"Q3\"]" . $schema . "[/icloud_ready_lead_form]\n<!-- /wp:shortcode -->\n"
				. '<!-- wp:icloud-ready/lead-form ' . wp_json_encode( array( 'campaign_name' => 'Q4', 'schema' => $schema ) ) . ' /-->',
		)
	)
);
echo '/?page_id=' . $id;
