<?php
/**
 * Plugin Name: icloud-ready lead form
 * Description: The icloud-ready lead form as a shortcode, a block and an Elementor widget.
 * Version: 0.1.0
 * Requires at least: 6.1
 * Requires PHP: 7.4
 * License: MIT OR Apache-2.0
 *
 * Put the folder of the npm package next to this file as `icloud-ready/`, or set the address of its files in
 * Settings > Lead form. See README.md.
 *
 * @package icloud-ready
 */

namespace IcloudReady\LeadForm;

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

const SHORTCODE = 'icloud_ready_lead_form';
const SETTINGS  = 'icloud_ready_lead_form';
const LANGUAGES = array( 'ar', 'en', 'fr' );

/** The element's attributes that a page may set, as the shortcode writes them: with underscores. */
const ATTRIBUTES = array(
	'endpoint',
	'locale',
	'country',
	'fields',
	'campaign_name',
	'attribution',
	'draft',
	'data_layer',
	'mode',
	'theme',
	'heading',
	'submit_text',
	'thanks',
	'thank_you_url',
	'whatsapp',
	'open_after',
	'open_at_scroll',
	'open_on_exit',
	'open_every',
	'id',
	'class',
	'style',
);
/** Attributes without a value. */
const FLAGS = array( 'draft', 'data_layer', 'open_on_exit' );

/** Texts of the plain form, for visitors without scripts. */
const PLAIN = array(
	'ar' => array( 'الاسم الأول', 'رقم الهاتف', 'إرسال الطلب' ),
	'en' => array( 'First name', 'Phone number', 'Send request' ),
	'fr' => array( 'Prénom', 'Numéro de téléphone', 'Envoyer la demande' ),
);

/** A setting: `endpoint`, `base` or `country`. */
function setting( string $name ): string {
	$settings = get_option( SETTINGS, array() );
	$value    = is_array( $settings ) && isset( $settings[ $name ] ) ? trim( (string) $settings[ $name ] ) : '';
	if ( '' === $value && 'base' === $name ) {
		return plugins_url( 'icloud-ready', __FILE__ );
	}
	return $value;
}

/** The form's language: that of the attribute, else of the page, else English. */
function language( string $given ): string {
	$code = strtolower( substr( '' === $given ? get_locale() : $given, 0, 2 ) );
	return in_array( $code, LANGUAGES, true ) ? $code : 'en';
}

/** Loads the form's script, once in a page. */
function load_script(): void {
	$src = rtrim( setting( 'base' ), '/' ) . '/lead-form.js';
	if ( function_exists( 'wp_enqueue_script_module' ) ) {
		wp_enqueue_script_module( 'icloud-ready-lead-form', $src, array(), null );
		return;
	}
	static $is_printed = false;
	if ( ! $is_printed ) {
		$is_printed = true;
		add_action(
			'wp_footer',
			static function () use ( $src ) {
				// phpcs:ignore WordPress.WP.EnqueuedResources.NonEnqueuedScript -- modules cannot be enqueued before WordPress 6.5.
				echo '<script type="module" src="' . esc_url( $src ) . '"></script>' . "\n";
			}
		);
	}
}

/** Loads the themes, once in a page. */
function load_themes(): void {
	$src = rtrim( setting( 'base' ), '/' ) . '/lead-form/themes.css';
	wp_enqueue_style( 'icloud-ready-lead-form-themes', $src, array(), null );
}

/** The schema as JSON; null if the text is not an object or a list. WordPress may have put paragraphs around it. */
function schema_of( string $content ): ?string {
	$text    = trim( html_entity_decode( wp_strip_all_tags( $content ), ENT_QUOTES | ENT_HTML5, 'UTF-8' ) );
	$decoded = json_decode( $text, true );
	return is_array( $decoded ) ? (string) wp_json_encode( $decoded, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES ) : null;
}

/**
 * The markup of a form.
 *
 * @param array<string, mixed>|string $given   Attributes, named as in ATTRIBUTES.
 * @param string|null                 $content A schema as JSON, or nothing.
 */
function render( $given, ?string $content = null ): string {
	$given    = attributes_of( is_array( $given ) ? $given : array() );
	$language = language( $given['locale'] ?? '' );
	$endpoint = trim( $given['endpoint'] ?? '' );
	$endpoint = '' === $endpoint ? setting( 'endpoint' ) : $endpoint;
	if ( '' === $endpoint ) {
		return notice( 'Set the endpoint in Settings > Lead form, or in the form itself.' );
	}
	$content = (string) $content;
	$schema = '' === trim( $content ) ? '' : schema_of( $content );
	if ( null === $schema ) {
		return notice( 'The content of the shortcode is not JSON: it has to be a schema.' );
	}
	load_script();
	if ( '' !== ( $given['theme'] ?? '' ) ) {
		load_themes();
	}

	$values  = array(
		'endpoint' => esc_url( $endpoint ),
		'locale'   => $language,
		'schema'   => $schema,
	);
	$written = '';
	foreach ( $values + $given + array( 'country' => setting( 'country' ) ) as $name => $value ) {
		if ( '' !== $value || in_array( $name, FLAGS, true ) ) {
			$written .= ' ' . str_replace( '_', '-', $name ) . '="' . attribute( $value ) . '"';
		}
	}
	return '<div class="icloud-ready-lead-form" lang="' . esc_attr( $language ) . '" dir="' . ( 'ar' === $language ? 'rtl' : 'ltr' ) . '">'
		. '<icloud-ready-lead-form' . $written . '>' . plain_form( $language, $endpoint ) . '</icloud-ready-lead-form></div>';
}

/**
 * The known attributes. A shortcode's attribute without a value is a numbered member.
 *
 * @param array<int|string, mixed> $given All attributes.
 * @return array<string, string>
 */
function attributes_of( array $given ): array {
	$found = array();
	foreach ( $given as $name => $value ) {
		list( $name, $value ) = is_int( $name ) ? array( (string) $value, '' ) : array( $name, (string) $value );
		if ( in_array( $name, ATTRIBUTES, true ) ) {
			$found[ $name ] = $value;
		}
	}
	return $found;
}

/** A value in quotes. `esc_attr` would leave references that are in it, such as `&quot;`, as they are. */
function attribute( string $value ): string {
	return htmlspecialchars( $value, ENT_QUOTES | ENT_SUBSTITUTE | ENT_HTML5, 'UTF-8', true );
}

/** The required fields, for visitors without scripts. */
function plain_form( string $language, string $endpoint ): string {
	list( $first_name, $phone, $submit ) = PLAIN[ $language ];
	return '<form action="' . esc_url( $endpoint ) . '" method="post">'
		. '<p><label>' . esc_html( $first_name ) . ' <input name="leadInformation.firstName" autocomplete="given-name" required></label></p>'
		. '<p><label>' . esc_html( $phone ) . ' <input name="leadInformation.phone" type="tel" autocomplete="tel" required dir="ltr"></label></p>'
		. '<input type="hidden" name="locale" value="' . esc_attr( $language ) . '">'
		. '<button>' . esc_html( $submit ) . '</button></form>';
}

/** What is wrong, for those who can correct it; nothing for visitors. */
function notice( string $text ): string {
	return current_user_can( 'edit_posts' ) ? '<p role="alert"><strong>Lead form:</strong> ' . esc_html( $text ) . '</p>' : '';
}

add_action(
	'init',
	static function () {
		add_shortcode( SHORTCODE, __NAMESPACE__ . '\\render' );
		register_block();
	}
);

// Typographic quotes would make the schema something else than JSON.
add_filter(
	'no_texturize_shortcodes',
	static function ( $names ) {
		$names[] = SHORTCODE;
		return $names;
	}
);

/** The block: its settings in the sidebar, and the form as the server renders it. */
function register_block(): void {
	$text = array(
		'type'    => 'string',
		'default' => '',
	);
	wp_register_script( 'icloud-ready-lead-form-block', '', array( 'wp-blocks', 'wp-element', 'wp-block-editor', 'wp-components' ), '0.1.0', true );
	wp_add_inline_script( 'icloud-ready-lead-form-block', BLOCK_SCRIPT );
	register_block_type(
		'icloud-ready/lead-form',
		array(
			'api_version'           => 2,
			'title'                 => 'Lead form',
			'category'              => 'widgets',
			'icon'                  => 'email-alt',
			'attributes'            => array(
				'endpoint'      => $text,
				'locale'        => $text,
				'country'       => $text,
				'fields'        => $text,
				'campaign_name' => $text,
				'theme'         => $text,
				'schema'        => $text,
			),
			'editor_script_handles' => array( 'icloud-ready-lead-form-block' ),
			'render_callback'       => static function ( array $given ): string {
				$schema = (string) ( $given['schema'] ?? '' );
				unset( $given['schema'] );
				return render( array_filter( $given, 'strlen' ), $schema );
			},
		)
	);
}

/** Uses WordPress's own packages; needs no build. */
const BLOCK_SCRIPT = <<<'JS'
( function ( blocks, element, blockEditor, components ) {
	var create = element.createElement;
	var FIELDS = [
		[ 'endpoint', 'Endpoint' ],
		[ 'locale', 'Language (ar, en, fr)' ],
		[ 'country', 'Country of numbers' ],
		[ 'fields', 'Fields' ],
		[ 'campaign_name', 'Campaign' ],
		[ 'theme', 'Theme' ],
	];
	blocks.registerBlockType( 'icloud-ready/lead-form', {
		title: 'Lead form',
		category: 'widgets',
		icon: 'email-alt',
		edit: function ( props ) {
			function control( name, label, Control ) {
				return create( Control || components.TextControl, {
					key: name,
					label: label,
					value: props.attributes[ name ] || '',
					onChange: function ( value ) {
						var changed = {};
						changed[ name ] = value;
						props.setAttributes( changed );
					},
				} );
			}
			var controls = FIELDS.map( function ( field ) {
				return control( field[ 0 ], field[ 1 ] );
			} );
			controls.push( control( 'schema', 'Schema (JSON)', components.TextareaControl ) );
			return create(
				'div',
				blockEditor.useBlockProps(),
				create( blockEditor.InspectorControls, null, create( components.PanelBody, { title: 'Lead form' }, controls ) ),
				create( components.Placeholder, { icon: 'email-alt', label: 'Lead form' }, 'The form is shown on the page.' )
			);
		},
		save: function () {
			return null;
		},
	} );
} )( window.wp.blocks, window.wp.element, window.wp.blockEditor, window.wp.components );
JS;

add_action(
	'elementor/widgets/register',
	static function ( $widgets ) {
		/** The form in Elementor. */
		class Elementor_Widget extends \Elementor\Widget_Base {
			/** The controls, by name. */
			private const CONTROLS = array(
				'endpoint'      => 'Endpoint',
				'locale'        => 'Language (ar, en, fr)',
				'country'       => 'Country of numbers',
				'fields'        => 'Fields',
				'campaign_name' => 'Campaign',
				'theme'         => 'Theme',
			);

			public function get_name() {
				return 'icloud-ready-lead-form';
			}

			public function get_title() {
				return 'Lead form';
			}

			public function get_icon() {
				return 'eicon-form-horizontal';
			}

			public function get_categories() {
				return array( 'general' );
			}

			protected function register_controls() {
				$this->start_controls_section( 'form', array( 'label' => 'Lead form' ) );
				foreach ( self::CONTROLS as $name => $label ) {
					$this->add_control(
						$name,
						array(
							'label' => $label,
							'type'  => \Elementor\Controls_Manager::TEXT,
						)
					);
				}
				$this->add_control(
					'schema',
					array(
						'label' => 'Schema (JSON)',
						'type'  => \Elementor\Controls_Manager::TEXTAREA,
					)
				);
				$this->end_controls_section();
			}

			protected function render() {
				$settings = $this->get_settings_for_display();
				$given    = array_filter( array_intersect_key( $settings, self::CONTROLS ), 'strlen' );
				// phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- render() escapes.
				echo render( $given, (string) ( $settings['schema'] ?? '' ) );
			}
		}
		$widgets->register( new Elementor_Widget() );
	}
);

add_action(
	'admin_init',
	static function () {
		register_setting(
			SETTINGS,
			SETTINGS,
			array(
				'type'              => 'array',
				'sanitize_callback' => static function ( $given ) {
					$given   = is_array( $given ) ? $given : array();
					$country = strtoupper( trim( (string) ( $given['country'] ?? '' ) ) );
					return array(
						'endpoint' => esc_url_raw( (string) ( $given['endpoint'] ?? '' ) ),
						'base'     => esc_url_raw( (string) ( $given['base'] ?? '' ) ),
						'country'  => preg_match( '/^[A-Z]{2}$/', $country ) ? $country : '',
					);
				},
			)
		);
	}
);

add_action(
	'admin_menu',
	static function () {
		add_options_page(
			'Lead form',
			'Lead form',
			'manage_options',
			SETTINGS,
			static function () {
				$fields = array(
					'endpoint' => array( 'Endpoint', 'The forwarder, such as https://leads.agency.example/leads' ),
					'base'     => array( 'Address of the scripts', 'Empty: the folder icloud-ready/ of this plugin' ),
					'country'  => array( 'Country of numbers', 'Two letters, such as EG' ),
				);
				$saved  = get_option( SETTINGS, array() );
				echo '<div class="wrap"><h1>Lead form</h1><form action="options.php" method="post">';
				settings_fields( SETTINGS );
				echo '<table class="form-table" role="presentation">';
				foreach ( $fields as $name => list( $label, $hint ) ) {
					$id = SETTINGS . '-' . $name;
					printf(
						'<tr><th><label for="%1$s">%2$s</label></th><td><input class="regular-text" id="%1$s" name="%3$s[%4$s]" value="%5$s"><p class="description">%6$s</p></td></tr>',
						esc_attr( $id ),
						esc_html( $label ),
						esc_attr( SETTINGS ),
						esc_attr( $name ),
						esc_attr( (string) ( $saved[ $name ] ?? '' ) ),
						esc_html( $hint )
					);
				}
				echo '</table>';
				submit_button();
				echo '</form></div>';
			}
		);
	}
);
