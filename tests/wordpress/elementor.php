<?php
// The few classes of Elementor that the plugin's widget uses.

namespace Elementor {
	abstract class Widget_Base {
		private $settings = array();
		public $controls  = array();
		public function use_settings( array $settings ) {
			$this->register_controls();
			$this->settings = $settings + array_fill_keys( $this->controls, '' );
		}
		public function print_element() {
			ob_start();
			$this->render();
			return ob_get_clean();
		}
		protected function start_controls_section( $name, $options ) {}
		protected function end_controls_section() {}
		protected function add_control( $name, $options ) {
			$this->controls[] = $name;
		}
		protected function get_settings_for_display() {
			return $this->settings;
		}
		abstract public function get_name();
	}
	abstract class Controls_Manager {
		const TEXT     = 'text';
		const TEXTAREA = 'textarea';
	}
}

namespace {
	/** The widget's markup in a page. */
	function elementor_page( array $settings ) {
		$widgets = new class() {
			public $widget;
			public function register( $widget ) {
				$this->widget = $widget;
			}
		};
		do_action( 'elementor/widgets/register', $widgets );
		$widgets->widget->use_settings( $settings );
		return $widgets->widget->print_element();
	}
}
